import { keyboardDowngrades, keyboardRenamings } from './keyboards.ts'
import type { Loose, Renamings, Rule, Rules } from './rules.ts'

const DAYS_PER_MONTH = 30

const part = (value: Loose, field: string) => value[field] as Loose | undefined
const textOf = (value: Loose, field: string) => part(value, field)?.text
const amountOf = (value: Loose, field: string) => part(value, field)?.amount

/** A rule for one field, where the layer has it with another type: then `fitted` lacks what `value` has. */
const field =
  (name: string, old: (value: Loose) => unknown): Rule =>
  (value, fitted) =>
    value[name] === fitted[name] ? fitted : { ...fitted, [name]: old(value) }

const titled = field('title', (value) => textOf(value, 'title'))
const storyId = field('storiesMaxId', (value) => part(value, 'storiesMaxId')?.maxId ?? 0)
const starsBalance = field('balance', (value) => amountOf(value, 'balance'))
const rarity: Rule = (value, fitted) => ({ ...fitted, rarityPermille: part(value, 'rarity')?.permille })
const canReply: Rule = (value, fitted) =>
  part(value, 'rights')?.reply ? { ...fitted, canReply: true } : fitted

const inMonths: Rule = (value, fitted) => ({
  ...fitted,
  months: Math.max(1, Math.round((value.days as number) / DAYS_PER_MONTH)),
})

/** Amounts of stars were integers at first, then of a type of their own, and only then got their present name. */
const transaction: Rule = (value, fitted, knows) => ({
  ...fitted,
  stars: knows('starsAmount') ? value.amount : amountOf(value, 'amount'),
})

const revenue: Rule = (value, fitted) => {
  if (fitted === value) return fitted
  const fields = ['currentBalance', 'availableBalance', 'overallRevenue']
  return { ...fitted, ...Object.fromEntries(fields.map((name) => [name, amountOf(value, name)])) }
}

/**
 * Rules for newest constructors that old layers have under the same name but with other fields. Without a rule, fields
 * that the old one lacks are left out, and fields that only the old one requires get the least value of their type.
 */
export const downgradeRules: Rules = {
  ...keyboardDowngrades,
  botBusinessConnection: canReply,
  channel: storyId,
  'chatlists.chatlistInvite': titled,
  connectedBot: canReply,
  dialogFilter: titled,
  dialogFilterChatlist: titled,
  draftMessage: (value, fitted, knows) =>
    knows('inputReplyToMessage') ? fitted : { ...fitted, replyToMsgId: part(value, 'replyTo')?.replyToMsgId },
  emojiStatus: (value, fitted, knows) =>
    value.until !== undefined && knows('emojiStatusUntil') ? { ...value, _: 'emojiStatusUntil' } : fitted,
  messageActionGiftCode: inMonths,
  messageActionGiftPremium: inMonths,
  messageActionRequestedPeer: (value, fitted) => ({ ...fitted, peer: (value.peers as Loose[])[0] }),
  messageActionSetChatTheme: (value, fitted) => ({ ...fitted, emoticon: part(value, 'theme')?.emoticon }),
  messageReplyStoryHeader: (value, fitted) => ({ ...fitted, userId: part(value, 'peer')?.userId }),
  'payments.checkedGiftCode': inMonths,
  'payments.starsStatus': starsBalance,
  poll: field('question', (value) => textOf(value, 'question')),
  pollAnswer: field('text', (value) => textOf(value, 'text')),
  starGiftAttributeBackdrop: rarity,
  starGiftAttributeModel: rarity,
  starGiftAttributePattern: rarity,
  starsRevenueStatus: revenue,
  starsTransaction: transaction,
  todoCompletion: field('completedBy', (value) => part(value, 'completedBy')?.userId ?? 0),
  updateGroupCall: (value, fitted) => {
    const peer = part(value, 'peer')
    return { ...fitted, chatId: peer?.chatId ?? peer?.channelId }
  },
  updateMessageExtendedMedia: field('extendedMedia', (value) => (value.extendedMedia as Loose[])[0]),
  updatePaidReactionPrivacy: field(
    'private',
    (value) => part(value, 'private')?._ === 'paidReactionPrivacyAnonymous',
  ),
  updatePeerBlocked: (value, fitted, knows) =>
    knows('messageMediaStory') ? fitted : { ...fitted, blocked: value.blocked === true },
  updateStarsBalance: starsBalance,
  user: storyId,
  userFull: (value, fitted) =>
    value.theme === undefined ? fitted : { ...fitted, themeEmoticon: part(value, 'theme')?.emoticon },
}

const ofChannel = (name: string): Rule => {
  return ({ peer, ...fields }) => {
    const { channelId } = peer as Loose
    return channelId === undefined ? undefined : { ...fields, _: name, channelId }
  }
}

/** Rules for newest constructors that old layers have under another name; all else unknown gets its type's fallback. */
export const renamings: Renamings = {
  ...keyboardRenamings,
  updatePinnedForumTopic: { as: 'Update', rule: ofChannel('updateChannelPinnedTopic') },
  updatePinnedForumTopics: { as: 'Update', rule: ofChannel('updateChannelPinnedTopics') },
}
