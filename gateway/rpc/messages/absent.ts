import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { type CallContext, empty, type Handlers } from '../handler.ts'
import { inputPeerId } from '../peers.ts'
import { countersOf } from './answers.ts'

const noMessages = (): TlType<'messages.Messages'> => ({
  _: 'messages.messages',
  messages: [],
  topics: [],
  chats: [],
  users: [],
})
const noSavedDialogs = (): TlType<'messages.SavedDialogs'> => ({
  _: 'messages.savedDialogs',
  dialogs: [],
  messages: [],
  chats: [],
  users: [],
})

/** For what marks parts of a history that cannot be there: nothing changed. */
async function nothingOf(
  call: { readonly peer: TlType<'InputPeer'> },
  context: CallContext,
): Promise<Tl<'messages.affectedHistory'>> {
  inputPeerId(call.peer, context)
  return { _: 'messages.affectedHistory', pts: (await countersOf(context)).pts, ptsCount: 0, offset: 0 }
}

const refuse = (error: string) => (): never => {
  throw new RpcError(400, error)
}

/** Of `messages`: what an account without groups, mentions, reactions, schedules and link previews gets. */
export const absentHandlers: Handlers = {
  'messages.getUnreadReactions': empty((call, context) => {
    inputPeerId(call.peer, context)
    return noMessages()
  }),
  'messages.getPinnedSavedDialogs': empty(noSavedDialogs),
  'messages.getMessageReadParticipants': empty((call, context) => {
    inputPeerId(call.peer, context)
    return []
  }),
  'messages.getUnreadPollVotes': empty((call, context) => {
    inputPeerId(call.peer, context)
    return noMessages()
  }),
  'messages.readReactions': empty(nothingOf),
  'messages.readPollVotes': empty(nothingOf),
  'messages.deletePhoneCallHistory': empty(async (_, context) => ({
    _: 'messages.affectedFoundMessages',
    pts: (await countersOf(context)).pts,
    ptsCount: 0,
    offset: 0,
    messages: [],
  })),
  'messages.sendReaction': empty(refuse('REACTION_INVALID')),
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
  'messages.translateText': empty(refuse('TRANSLATIONS_DISABLED')),
}
