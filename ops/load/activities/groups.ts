import { randomBytes } from 'node:crypto'
import { type AnyCall, decodeResult, encodeCall, type Result } from '@heliograph/schemas/tl'
import { LOAD_LAYER } from '../../bench/load/user.ts'
import { failureOf } from '../client/answer.ts'
import type { LoadClient } from '../client/client.ts'
import type { Random } from '../pace/random.ts'
import type { Stage } from '../traffic/stage.ts'
import type { Prepare } from './activity.ts'

/** Those of a group who write in it, each with the request to do so. */
interface Made {
  readonly members: readonly { readonly client: LoadClient; readonly request: object }[]
}
type Make = (creator: LoadClient, others: readonly LoadClient[]) => Promise<Made>

/**
 * Messages in basic groups, which every member's mailbox counts: what is missing there or comes twice is a finding like that of
 * private chats.
 */
export const groupMessages: Prepare<'group'> = (stage, { groups, members, textBytes }) =>
  messagesIn(stage, groups, members, textBytes, makeGroup)

/**
 * Messages in supergroups, or by their administrators in broadcast channels, which count for themselves: every member follows the
 * channel's pts, and takes its difference where it sees a gap.
 */
export const channelMessages: Prepare<'channel'> = (stage, { channels, members, textBytes, broadcast }) =>
  messagesIn(stage, channels, members, textBytes, (creator, others) =>
    makeChannel(creator, others, broadcast),
  )

function messagesIn(
  { clients, random, meter }: Stage,
  count: number,
  members: number,
  textBytes: number,
  make: Make,
) {
  const made: Made[] = []
  const makeAll = async () => {
    for (let i = 0; i < count; i++) {
      const [creator, ...others] = someOf(clients, Math.min(members, clients.length), random)
      if (creator !== undefined && others.length > 0) made.push(await make(creator, others))
    }
  }
  makeAll().catch((error: Error) => meter.error(error.message))
  const message = ''.padEnd(textBytes, '.')
  return {
    kind: 'weighted',
    occur() {
      const group = made[Math.floor(random() * made.length)]
      const member = group?.members[Math.floor(random() * group.members.length)]
      if (member === undefined) return
      const randomId = randomBytes(8).readBigInt64LE()
      const { client, request } = member
      client.fire(encode({ ...request, message, randomId }), (result) => void client.takeAnswer(result))
    },
  } as const
}

function someOf<T>(all: readonly T[], count: number, random: Random): T[] {
  const rest = [...all]
  return Array.from({ length: count }, () => rest.splice(Math.floor(random() * rest.length), 1)[0] as T)
}

async function makeGroup(creator: LoadClient, others: readonly LoadClient[]): Promise<Made> {
  const users = await known(creator, others)
  const invited = await ask(
    creator,
    { _: 'messages.createChat', users, title: 'Load' },
    'messages.createChat',
  )
  const { chatId } = peerIn(invited.updates as Result<'messages.sendMessage'>)
  const request = { _: 'messages.sendMessage', peer: { _: 'inputPeerChat', chatId } }
  return { members: [creator, ...others].map((client) => ({ client, request })) }
}

async function makeChannel(
  creator: LoadClient,
  others: readonly LoadClient[],
  broadcast: boolean,
): Promise<Made> {
  const users = await known(creator, others)
  const kind = broadcast ? { broadcast: true } : { megagroup: true }
  const call = { _: 'channels.createChannel', ...kind, title: 'Load', about: '' }
  const created = await ask(creator, call, 'channels.createChannel')
  const { channelId, accessHash } = peerIn(created)
  const channel = { _: 'inputChannel', channelId, accessHash }
  await ask(creator, { _: 'channels.inviteToChannel', channel, users }, 'channels.inviteToChannel')
  const writers = broadcast ? [creator] : [creator, ...others]
  const members = []
  for (const client of [creator, ...others]) {
    const peer = client === creator ? { channelId, accessHash } : await seenBy(client, channelId)
    client.followChannel(channelId, peer.accessHash)
    const request = { _: 'messages.sendMessage', peer: { _: 'inputPeerChannel', ...peer } }
    if (writers.includes(client)) members.push({ client, request })
  }
  return { members }
}

/** The channel as a member names it, which it has in its list of dialogs. */
async function seenBy(client: LoadClient, channelId: number) {
  const start = { offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' }, limit: 100, hash: 0n }
  const dialogs = await ask(client, { _: 'messages.getDialogs', ...start }, 'messages.getDialogs')
  for (const chat of 'chats' in dialogs ? dialogs.chats : []) {
    if (chat._ === 'channel' && chat.id === channelId) return { channelId, accessHash: chat.accessHash ?? 0n }
  }
  throw new Error('a member does not see its channel')
}

/** The others as the creator names them, as importing their numbers gives it. */
async function known(creator: LoadClient, others: readonly LoadClient[]): Promise<object[]> {
  const contacts = others.map(({ identity }, index) => ({
    _: 'inputPhoneContact',
    clientId: BigInt(index),
    phone: identity.phone,
    firstName: 'Load',
    lastName: '',
  }))
  const call = { _: 'contacts.importContacts', contacts }
  const { users } = await ask(creator, call, 'contacts.importContacts')
  return users.flatMap((user) =>
    user._ === 'user' ? [{ _: 'inputUser', userId: user.id, accessHash: user.accessHash ?? 0n }] : [],
  )
}

function peerIn(updates: Result<'messages.sendMessage'>) {
  for (const chat of 'chats' in updates ? updates.chats : []) {
    if (chat._ === 'chat') return { chatId: chat.id, channelId: 0, accessHash: 0n }
    if (chat._ === 'channel') return { chatId: 0, channelId: chat.id, accessHash: chat.accessHash ?? 0n }
  }
  throw new Error('no group was made')
}

type Asked =
  | 'messages.createChat'
  | 'channels.createChannel'
  | 'channels.inviteToChannel'
  | 'messages.getDialogs'
  | 'contacts.importContacts'

const encode = (request: object): Buffer => encodeCall(request as AnyCall, LOAD_LAYER)

async function ask<M extends Asked>(client: LoadClient, request: object, method: M): Promise<Result<M>> {
  const result = await client.connection.request(encode(request))
  const failure = failureOf(result)
  if (failure !== undefined) throw new Error(`${method}: ${failure.kind}`)
  return decodeResult(method, result, LOAD_LAYER) as Result<M>
}
