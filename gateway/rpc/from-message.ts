import { CHANNEL_PEER_BASE, channelChatId, type PeerId } from '@heliograph/schemas/avro'
import { type AnyCall, RpcError, rpcError, type TlType } from '@heliograph/schemas/tl'
import { accessHash } from './access-hash.ts'
import { getMessages as getChannelMessages } from './channels/messages/get-messages.ts'
import type { CallContext } from './handler.ts'
import { getMessages } from './messages/read/messages.ts'
import { names } from './named-errors.ts'
import { isShutOut } from './render/chat.ts'
import { addPeersOf } from './render/message-peers.ts'

/**
 * Clients that know somebody only from a message of a group or channel name it by that message
 * (core.telegram.org/api/min). Such inputs are replaced by what the caller could say with an access hash, once the message has
 * been found to name them; handlers then see the usual forms only.
 */
type Input = TlType<'InputPeer'> | TlType<'InputUser'> | TlType<'InputChannel'>
type FromMessage = Extract<Input, { readonly msgId: number }>

/** Inputs stand at the top of a call, in its vectors, or one level below either. */
const MAX_DEPTH = 3
const SUFFIX = 'FromMessage'

/** Whether a call names somebody by a message; nearly none does, and each call is asked. */
export function namesFromMessage(call: AnyCall): boolean {
  return holdsInput(call, MAX_DEPTH)
}

function holdsInput(value: object, depth: number): boolean {
  if (Array.isArray(value)) return value.some((item) => isInput(item, depth))
  for (const key in value) {
    if (isInput((value as Record<string, unknown>)[key], depth)) return true
  }
  return false
}

function isInput(field: unknown, depth: number): boolean {
  if (typeof field !== 'object' || field === null || ArrayBuffer.isView(field)) return false
  const name = (field as { readonly _?: string })._
  return name?.endsWith(SUFFIX) === true || (depth > 1 && holdsInput(field, depth - 1))
}

/**
 * The call with such inputs replaced. Where the message does not name them, or its chat is closed to the caller, the call is
 * refused with what its entry in the schema data has for that (MSG_ID_INVALID, CHANNEL_INVALID, CHANNEL_PRIVATE,
 * USER_BANNED_IN_CHANNEL, PEER_ID_INVALID); without such an entry the input stays, for the handler to refuse.
 */
export function withNamed<T extends AnyCall>(call: T, context: CallContext): Promise<T> {
  return replaced(call, { context, method: call._ }, MAX_DEPTH)
}

interface Naming {
  readonly context: CallContext
  readonly method: string
}

async function replaced<T extends object>(value: T, naming: Naming, depth: number): Promise<T> {
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, field]): Promise<[string, unknown]> => {
      if (typeof field !== 'object' || field === null || ArrayBuffer.isView(field)) return [key, field]
      const name = (field as { readonly _?: string })._
      if (name?.endsWith(SUFFIX)) return [key, await named(field as FromMessage, naming)]
      return [key, depth > 1 ? await replaced(field as object, naming, depth - 1) : field]
    }),
  )
  if (Array.isArray(value)) return entries.map(([, field]) => field) as unknown as T
  return Object.fromEntries(entries) as T
}

async function named(input: FromMessage, { context, method }: Naming): Promise<Input> {
  const peer = 'userId' in input ? input.userId : CHANNEL_PEER_BASE - input.channelId
  const found = await peersOfMessage(input, context)
  if (!(found instanceof Set) || !found.has(peer as PeerId)) {
    const refusals = found instanceof Set ? [] : [found]
    const refusal = [...refusals, 'MSG_ID_INVALID'].find((error) => names(method, error))
    if (refusal !== undefined) throw rpcError(refusal)
    return input
  }
  const { user, services } = context
  if ('userId' in input) {
    const { userId } = input
    const hash = accessHash(services.keyring, user, 'user', userId)
    const _ = input._ === 'inputUserFromMessage' ? 'inputUser' : 'inputPeerUser'
    return { _, userId, accessHash: hash }
  }
  const { channelId } = input
  const hash = accessHash(services.keyring, user, 'channel', channelId)
  const _ = input._ === 'inputChannelFromMessage' ? 'inputChannel' : 'inputPeerChannel'
  return { _, channelId, accessHash: hash }
}

/** Everybody whom a message names that the caller may see; where it may not, the name of the error that says why. */
async function peersOfMessage(
  { peer, msgId }: FromMessage,
  context: CallContext,
): Promise<Set<PeerId> | string> {
  if (!HOLDS_MESSAGES.has(peer._)) return 'PEER_ID_INVALID'
  const id = [{ _: 'inputMessageID', id: msgId }] as const
  const peers = new Set<PeerId>()
  try {
    const found =
      peer._ === 'inputPeerChannel'
        ? await getChannelMessages(
            { _: 'channels.getMessages', channel: { ...peer, _: 'inputChannel' }, id },
            context,
          )
        : await getMessages({ _: 'messages.getMessages', id }, context)
    if ('messages' in found) for (const message of found.messages) addPeersOf(peers, message)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    const isClosed = error.errorMessage === 'CHANNEL_PRIVATE'
    return isClosed && (await isBanned(peer, context)) ? 'USER_BANNED_IN_CHANNEL' : error.errorMessage
  }
  return peers
}

const HOLDS_MESSAGES: ReadonlySet<string> = new Set([
  'inputPeerSelf',
  'inputPeerUser',
  'inputPeerChat',
  'inputPeerChannel',
])

/** Whether the channel has removed the caller. */
async function isBanned(peer: FromMessage['peer'], { services, user, now }: CallContext): Promise<boolean> {
  if (peer._ !== 'inputPeerChannel') return false
  const { facts, member } = await services.chats.view(user, channelChatId(peer.channelId))
  return facts !== undefined && !facts.flags.has('deactivated') && isShutOut(facts, member, now)
}
