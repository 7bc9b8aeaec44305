import {
  ADMIN_RIGHTS,
  type ChatId,
  chatIdOf,
  hasRight,
  isChannelPeer,
  type PeerId,
} from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { openRank } from '../../chats/sealed.ts'
import type { ChatFacts } from '../../directory/chat-facts.ts'
import type { ChatView } from '../../directory/chats.ts'
import type { CallContext } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { SIGNATURE_PROFILE } from '../../render/message.ts'
import { type Content, chatKey } from '../content.ts'

/** In whose name a message stands, and how its author is shown. */
export interface Posting {
  /** Null: the sender's own. */
  readonly postAs: PeerId | null
  readonly author: string | null
  readonly showsProfile: boolean
  /** A post of a broadcast channel. */
  readonly isPost: boolean
}

export const AS_ONESELF: Posting = { postAs: null, author: null, showsProfile: false, isPost: false }

/**
 * In whose name the caller's message stands: posts are the channel's, signed where it wants that; anonymous administrators
 * speak as their group; others may choose a channel of their own.
 * @throws RpcError 400 SEND_AS_PEER_INVALID
 */
export function postingIn(
  context: CallContext,
  chatId: ChatId,
  peerId: PeerId,
  sendAs: TlType<'InputPeer'> | undefined,
): Posting | Promise<Posting> {
  if (!isChannelPeer(peerId)) {
    if (sendAs !== undefined && namedPeer(context, sendAs) !== (context.user as number)) throw refused()
    return AS_ONESELF
  }
  const sight = context.services.chats.view(context.user, chatId)
  if (sight instanceof Promise) return sight.then((found) => postingBy(context, found, peerId, sendAs))
  return postingBy(context, sight, peerId, sendAs)
}

const refused = () => new RpcError(400, 'SEND_AS_PEER_INVALID')

const namedPeer = (context: CallContext, input: TlType<'InputPeer'>): number =>
  inputPeerId(input, context, 'SEND_AS_PEER_INVALID')

function postingBy(
  context: CallContext,
  sight: ChatView,
  peerId: PeerId,
  sendAs: TlType<'InputPeer'> | undefined,
): Posting | Promise<Posting> {
  if (sight.facts === undefined) return AS_ONESELF
  const chosen = sendAs === undefined ? undefined : namedPeer(context, sendAs)
  if (sight.facts.kind === 'broadcast') return signedPost(context, sight.facts, peerId, chosen)
  if (chosen === undefined) return isAnonymous(sight) ? asGroup(context, sight, peerId) : AS_ONESELF
  if (chosen === context.user) return AS_ONESELF
  if (chosen === peerId) {
    if (!isAnonymous(sight)) throw refused()
    return asGroup(context, sight, peerId)
  }
  return asOwnChannel(context, chosen as PeerId)
}

const isAnonymous = ({ member }: ChatView): boolean =>
  member?.isIn === true && hasRight(member.rights, ADMIN_RIGHTS.anonymous)

/** Under the administrator's title, where it has one. */
async function asGroup(
  { services, user }: CallContext,
  { member }: ChatView,
  peerId: PeerId,
): Promise<Posting> {
  const post = { ...AS_ONESELF, postAs: peerId }
  const rank = member?.rank ?? null
  if (rank === null) return post
  const chatId = chatIdOf(user, peerId)
  const title = openRank(chatId, await chatKey(services, chatId), rank)
  return title === '' ? post : { ...post, author: title }
}

async function signedPost(
  { services, user }: CallContext,
  { flags }: ChatFacts,
  peerId: PeerId,
  chosen: number | undefined,
): Promise<Posting> {
  if (chosen !== undefined && chosen !== peerId && chosen !== user) throw refused()
  const post = { ...AS_ONESELF, postAs: peerId, isPost: true }
  if (!flags.has('signatures')) return post
  const facts = await services.directory.find(user)
  const author = [facts?.firstName, facts?.lastName].filter((part) => part).join(' ')
  return { ...post, author, showsProfile: flags.has('signatureProfiles') }
}

/** A channel that the caller has made and that has a name. */
async function asOwnChannel(context: CallContext, chosen: PeerId): Promise<Posting> {
  if (!isChannelPeer(chosen)) throw refused()
  const facts = await context.services.chats.find(chatIdOf(context.user, chosen))
  if (facts?.kind !== 'broadcast' || facts.creatorId !== context.user) throw refused()
  return { ...AS_ONESELF, postAs: chosen }
}

/** The content with what the posting adds to it. */
export function withPosting(content: Content, { author, showsProfile }: Posting): Content {
  if (author === null) return content
  const flags = showsProfile ? [...content.flags, SIGNATURE_PROFILE] : content.flags
  return { ...content, postAuthor: author, flags }
}
