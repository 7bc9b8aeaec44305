import { asInputPeer } from './input-peers.ts'
import { keyboardUpgrades } from './keyboards.ts'
import { type Loose, type Rule, type Rules, without } from './rules.ts'

const renamed =
  (name: string, ...gone: readonly string[]): Rule =>
  (value) => ({ ...without(value, ...gone), _: name })

const plainText = (text: unknown): Loose => ({ _: 'textWithEntities', text, entities: [] })
const titled: Rule = (value, fitted) =>
  typeof value.title === 'string' ? { ...fitted, title: plainText(value.title) } : fitted

/** A method about a channel that is now one about a peer. */
const withPeer =
  (name: string): Rule =>
  (value) => ({ ...without(value, 'channel'), _: name, peer: asInputPeer(value.channel) })

const paidReactionPrivacy = (isPrivate: unknown): Loose => ({
  _: isPrivate ? 'paidReactionPrivacyAnonymous' : 'paidReactionPrivacyDefault',
})

const privatePaid: Rule = (value, fitted) =>
  typeof value.private !== 'boolean' ? fitted : { ...fitted, private: paidReactionPrivacy(value.private) }

const fromUser: Rule = (value, fitted) =>
  value.userId ? { ...fitted, peer: asInputPeer(value.userId) } : fitted

/** Layer 158 names what a message replies to by its id alone. */
const replyById: Rule = (value, fitted) => {
  const { replyToMsgId, topMsgId } = value
  if (replyToMsgId === undefined) return fitted
  const topic = topMsgId === undefined ? {} : { topMsgId }
  return { ...fitted, replyTo: { _: 'inputReplyToMessage', replyToMsgId, ...topic } }
}

const giftInMessage: Rule = (value, fitted) => ({
  ...fitted,
  stargift: { _: 'inputSavedStarGiftUser', msgId: value.msgId },
})

/** Layers up to 223 give the bytes of the correct answers, later ones their positions. */
function correctPositions(value: Loose): number[] {
  const answers = (value.poll as Loose).answers as readonly Loose[]
  const options = (value.correctAnswers as readonly Buffer[] | undefined) ?? []
  const position = (option: Buffer) => answers.findIndex((answer) => option.equals(answer.option as Buffer))
  return options.map(position).filter((index) => index >= 0)
}

const poll: Rule = (value, fitted) =>
  Buffer.isBuffer((value.correctAnswers as unknown[] | undefined)?.[0])
    ? { ...fitted, correctAnswers: correctPositions(value) }
    : fitted

const methodUpgrades: Rules = {
  'account.updateColor': (value, fitted) =>
    typeof value.color === 'number' || value.backgroundEmojiId !== undefined
      ? { ...fitted, color: without({ ...value, _: 'peerColor' }, 'forProfile') }
      : fitted,
  'account.updateConnectedBot': (value, fitted) =>
    value.canReply ? { ...fitted, rights: { _: 'businessBotRights', reply: true } } : fitted,
  'channels.clickSponsoredMessage': renamed('messages.clickSponsoredMessage', 'channel'),
  'channels.createForumTopic': withPeer('messages.createForumTopic'),
  'channels.deleteTopicHistory': withPeer('messages.deleteTopicHistory'),
  'channels.editCreator': withPeer('messages.editChatCreator'),
  'channels.editForumTopic': withPeer('messages.editForumTopic'),
  'channels.getForumTopics': withPeer('messages.getForumTopics'),
  'channels.getForumTopicsByID': withPeer('messages.getForumTopicsByID'),
  'channels.getSponsoredMessages': withPeer('messages.getSponsoredMessages'),
  'channels.reorderPinnedForumTopics': withPeer('messages.reorderPinnedForumTopics'),
  'channels.reportSponsoredMessage': renamed('messages.reportSponsoredMessage', 'channel'),
  'channels.toggleSignatures': (value, fitted) =>
    value.enabled ? { ...fitted, signaturesEnabled: true } : fitted,
  'channels.updatePinnedForumTopic': withPeer('messages.updatePinnedForumTopic'),
  'channels.viewSponsoredMessage': renamed('messages.viewSponsoredMessage', 'channel'),
  'messages.prolongWebView': replyById,
  'messages.requestWebView': replyById,
  'messages.saveDraft': replyById,
  'messages.sendBotRequestedPeer': (value, fitted) =>
    value.requestedPeer ? { ...fitted, requestedPeers: [value.requestedPeer] } : fitted,
  'messages.sendInlineBotResult': replyById,
  'messages.sendMedia': replyById,
  'messages.sendMessage': replyById,
  'messages.sendMultiMedia': replyById,
  'messages.sendPaidReaction': privatePaid,
  'messages.sendScreenshotNotification': replyById,
  'messages.setChatTheme': (value, fitted) => ({
    ...fitted,
    theme: value.emoticon ? { _: 'inputChatTheme', emoticon: value.emoticon } : { _: 'inputChatThemeEmpty' },
  }),
  'messages.togglePaidReactionPrivacy': privatePaid,
  'payments.convertStarGift': giftInMessage,
  'payments.saveStarGift': giftInMessage,
  'payments.updateStarGiftPrice': (value, fitted) => ({
    ...fitted,
    resellAmount: { _: 'starsAmount', amount: value.resellStars, nanos: 0 },
  }),
}

const objectUpgrades: Rules = {
  dialogFilter: titled,
  dialogFilterChatlist: titled,
  emojiStatusUntil: renamed('emojiStatus'),
  inputInvoiceStarGift: fromUser,
  inputMediaPoll: poll,
  inputReplyToStory: fromUser,
  inputStorePaymentStars: renamed('inputStorePaymentStarsTopup'),
  phoneCallDiscardReasonAllowGroupCall: () => ({ _: 'phoneCallDiscardReasonDisconnect' }),
  poll: (value, fitted) =>
    typeof value.question === 'string' ? { ...fitted, question: plainText(value.question) } : fitted,
  pollAnswer: (value, fitted) =>
    typeof value.text === 'string' ? { ...fitted, text: plainText(value.text) } : fitted,
}

/**
 * Rules for constructors and methods of old layers in requests, by their name there. What is not here keeps its name;
 * required fields that it lacks get the least value of their type. Methods that the newest layer has no match for keep
 * name and shape, so that whoever dispatches the call answers that there is no such method.
 */
export const upgradeRules: Rules = { ...methodUpgrades, ...objectUpgrades, ...keyboardUpgrades }

/** Names whose rule also holds for the newest id, since only what is inside was of an old layer. */
export const upgradedWithin: readonly string[] = ['bots.requestWebViewButton', 'replyKeyboardMarkup']
