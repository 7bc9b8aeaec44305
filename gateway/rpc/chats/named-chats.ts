import { chatIdOf, type PeerId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import { isShutOut, renderChat } from '../render/chat.ts'

/** A channel that a public name leads to; undefined where there is none, or it has shut the caller out. */
export async function publicChat(
  context: Pick<CallContext, 'services' | 'user' | 'now'>,
  peer: PeerId,
): Promise<TlType<'Chat'> | undefined> {
  const { services, user, now } = context
  const view = await services.chats.view(user, chatIdOf(user, peer))
  const { facts, member } = view
  if (facts?.username === undefined || isShutOut(facts, member, now)) return undefined
  return renderChat(services, user, peer, view, now)
}

/** Whether every word begins some word of the chat's title or name. */
export function matchesTitle(
  { title, username }: { readonly title: string; readonly username: string | undefined },
  words: readonly string[],
): boolean {
  const parts = `${title} ${username ?? ''}`.toLowerCase().split(/\s+/)
  return words.every((word) => parts.some((part) => part.startsWith(word)))
}
