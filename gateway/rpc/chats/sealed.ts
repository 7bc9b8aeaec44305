import type { ChatId } from '@heliograph/schemas/avro'
import { decodeObject, encodeObject, type TlType } from '@heliograph/schemas/tl'
import { chatScope, type DataKey } from '@heliograph/storage'
import { open, seal } from '@heliograph/topics'
import type { Services } from '../services.ts'

type Sealing = Pick<Services, 'keyring'>
export type LogAction = TlType<'ChannelAdminLogEventAction'>

const rankContext = (chatId: ChatId) => ({ topic: 'chat.events', key: chatId, type: 'Rank' })
const inviteContext = (chatId: ChatId) => ({ topic: 'chat.events', key: chatId, type: 'InviteTitle' })
const logContext = (chatId: ChatId) => ({ topic: 'chat.events', key: chatId, type: 'AdminLog' })

/** The title of an administrator, sealed; null for none. */
export async function sealRank(to: Sealing, chatId: ChatId, rank: string): Promise<Buffer | null> {
  if (rank === '') return null
  return seal((await to.keyring.obtain(chatScope(chatId))).key, rankContext(chatId), Buffer.from(rank))
}

export function openRank(chatId: ChatId, key: DataKey | undefined, sealed: Buffer | null): string {
  return (key && sealed ? open(key.key, rankContext(chatId), sealed)?.toString() : undefined) ?? ''
}

/** The name of an invite link, sealed; null for none. */
export async function sealInviteTitle(to: Sealing, chatId: ChatId, title: string): Promise<Buffer | null> {
  if (title === '') return null
  return seal((await to.keyring.obtain(chatScope(chatId))).key, inviteContext(chatId), Buffer.from(title))
}

export function openInviteTitle(chatId: ChatId, key: DataKey | undefined, sealed: Buffer | null): string {
  return (key && sealed ? open(key.key, inviteContext(chatId), sealed)?.toString() : undefined) ?? ''
}

const LENGTH_BYTES = 4

/** What administrators did at once, sealed for the log of the chat: each action is an event of its own there. */
export async function sealLog(to: Sealing, chatId: ChatId, actions: readonly LogAction[]): Promise<Buffer> {
  const parts = actions.flatMap((action) => {
    const bytes = Buffer.from(encodeObject(action))
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32LE(bytes.length)
    return [length, bytes]
  })
  const { key } = await to.keyring.obtain(chatScope(chatId))
  return seal(key, logContext(chatId), Buffer.concat(parts))
}

/** The actions of an entry of the log; none where it cannot be read. */
export function openLog(chatId: ChatId, key: DataKey, sealed: Buffer): LogAction[] {
  const plain = open(key.key, logContext(chatId), sealed)
  const actions: LogAction[] = []
  for (let at = 0; plain !== undefined && at < plain.length; ) {
    const end = at + LENGTH_BYTES + plain.readUInt32LE(at)
    actions.push(decodeObject(plain.subarray(at + LENGTH_BYTES, end)) as LogAction)
    at = end
  }
  return actions
}
