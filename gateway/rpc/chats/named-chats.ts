import { chatIdOf, type PeerId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import { isHidden, type Named, shownNames } from '../directory/usernames.ts'
import type { CallContext } from '../handler.ts'
import { isShutOut, renderChat } from '../render/chat.ts'

/** A channel that a public name leads to; undefined where there is none, it hides the name, or it has shut the caller out. */
export async function publicChat(
  context: Pick<CallContext, 'services' | 'user' | 'now'>,
  peer: PeerId,
  name = '',
): Promise<TlType<'Chat'> | undefined> {
  const { services, user, now } = context
  const view = await services.chats.view(user, chatIdOf(user, peer))
  const { facts, member } = view
  if (facts?.username === undefined || isShutOut(facts, member, now)) return undefined
  if (isHidden(facts, name)) return undefined
  return renderChat(services, user, peer, view, now)
}

/** Whether every word begins some word of the chat's title or name. */
export function matchesTitle(
  { title, ...named }: Named & { readonly title: string },
  words: readonly string[],
): boolean {
  const parts = `${title} ${shownNames(named).join(' ')}`.toLowerCase().split(/\s+/)
  return words.every((word) => parts.some((part) => part.startsWith(word)))
}
