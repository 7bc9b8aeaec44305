import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { empty, type Handlers } from '../handler.ts'
import { inputPeerId, inputUserId } from '../peers.ts'

const noMessages = (): TlType<'messages.Messages'> => ({
  _: 'messages.messages',
  messages: [],
  topics: [],
  chats: [],
  users: [],
})
const noChats = (): TlType<'messages.Chats'> => ({ _: 'messages.chats', chats: [] })
const noSavedDialogs = (): TlType<'messages.SavedDialogs'> => ({
  _: 'messages.savedDialogs',
  dialogs: [],
  messages: [],
  chats: [],
  users: [],
})

/** Of `messages`: what an account without groups, mentions, reactions, schedules and link previews gets. */
export const absentHandlers: Handlers = {
  'messages.getChats': empty(noChats),
  'messages.getCommonChats': empty((call, context) => {
    inputUserId(call.userId, context)
    return noChats()
  }),
  'messages.getUnreadMentions': empty((call, context) => {
    inputPeerId(call.peer, context)
    return noMessages()
  }),
  'messages.getUnreadReactions': empty((call, context) => {
    inputPeerId(call.peer, context)
    return noMessages()
  }),
  'messages.getScheduledHistory': empty((call, context) => {
    inputPeerId(call.peer, context)
    return noMessages()
  }),
  'messages.getScheduledMessages': empty((call, context) => {
    inputPeerId(call.peer, context)
    return noMessages()
  }),
  'messages.getRecentLocations': empty((call, context) => {
    inputPeerId(call.peer, context)
    return noMessages()
  }),
  'messages.getPinnedSavedDialogs': empty(noSavedDialogs),
  'messages.getMessageReadParticipants': empty((call, context) => {
    inputPeerId(call.peer, context)
    return []
  }),
  'messages.getDiscussionMessage': empty(() => {
    throw new RpcError(400, 'MSG_ID_INVALID')
  }),
  'messages.getWebPagePreview': empty(() => ({
    _: 'messages.webPagePreview',
    media: { _: 'messageMediaEmpty' },
    chats: [],
    users: [],
  })),
  'messages.getWebPage': empty((call) => ({
    _: 'messages.webPage',
    webpage: { _: 'webPageEmpty', id: 0n, url: call.url },
    chats: [],
    users: [],
  })),
  'messages.translateText': empty(() => {
    throw new RpcError(400, 'TRANSLATIONS_DISABLED')
  }),
}
