import { RpcError, type Tl } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import { empty, type Handlers } from '../handler.ts'
import { inputPeerId } from '../peers.ts'

/** What hangs on messages and chats but has no server side yet: effects, folders, sponsors, invitations. */
function noUpdates({ now }: Pick<CallContext, 'now'>): Tl<'updates'> {
  return { _: 'updates', updates: [], users: [], chats: [], date: now, seq: 0 }
}

export const messageFeatureHandlers: Handlers = {
  'messages.getAvailableEffects': empty(() => ({
    _: 'messages.availableEffects',
    hash: 0,
    effects: [],
    documents: [],
  })),
  'messages.getPaidReactionPrivacy': empty((_, context) => noUpdates(context)),
  'messages.getExtendedMedia': empty((call, context) => {
    inputPeerId(call.peer, context)
    return noUpdates(context)
  }),
  'messages.getFactCheck': empty((call, context) => {
    inputPeerId(call.peer, context)
    return call.msgId.map(() => ({ _: 'factCheck', hash: 0n }))
  }),
  'messages.getEmojiGameInfo': empty(() => ({ _: 'messages.emojiGameUnavailable' })),
  'messages.getAttachMenuBots': empty(() => ({ _: 'attachMenuBots', hash: 0n, bots: [], users: [] })),
  'messages.getAttachMenuBot': empty(() => {
    throw new RpcError(400, 'BOT_INVALID')
  }),
  'messages.getQuickReplies': empty(() => ({
    _: 'messages.quickReplies',
    quickReplies: [],
    messages: [],
    chats: [],
    users: [],
  })),
  'messages.getSponsoredMessages': empty(() => ({ _: 'messages.sponsoredMessagesEmpty' })),
  'messages.reportMessagesDelivery': empty(() => true),
  'messages.reportReadMetrics': empty(() => true),
}
