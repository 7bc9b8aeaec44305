import { RpcError } from '@heliograph/schemas/tl'
import { empty, type Handlers } from '../handler.ts'
import { countersOf } from './answers.ts'

const refuse = (error: string) => (): never => {
  throw new RpcError(400, error)
}

/** Of `messages`: what an account without calls, pinned saved chats and link previews gets. */
export const absentHandlers: Handlers = {
  'messages.deletePhoneCallHistory': empty(async (_, context) => ({
    _: 'messages.affectedFoundMessages',
    pts: (await countersOf(context)).pts,
    ptsCount: 0,
    offset: 0,
    messages: [],
  })),
  'messages.translateText': empty(refuse('TRANSLATIONS_DISABLED')),
}
