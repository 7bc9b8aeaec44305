import type { ChatId } from '@heliograph/schemas/avro'
import { chatInfos, type Tables } from '@heliograph/storage'
import { TwoGenerations } from '../../directory/two-generations.ts'

const MAX_REMEMBERED = 20_000

/** Channels whose kind is known; it never changes. */
const kinds = new WeakMap<Tables, TwoGenerations<ChatId, boolean>>()

function kindsOf(tables: Tables): TwoGenerations<ChatId, boolean> {
  let known = kinds.get(tables)
  if (known === undefined) {
    known = new TwoGenerations(MAX_REMEMBERED)
    kinds.set(tables, known)
  }
  return known
}

/** Whether messages of the channel are posts of the channel itself; false for supergroups and where there is no such chat. */
export function isBroadcast(tables: Tables, chatId: ChatId): boolean | Promise<boolean> {
  const known = kindsOf(tables)
  return known.get(chatId) ?? load(tables, known, chatId)
}

async function load(tables: Tables, known: TwoGenerations<ChatId, boolean>, chatId: ChatId) {
  const row = await tables.get(chatInfos, { chatId })
  if (row === undefined) return false
  known.set(chatId, row.kind === 'broadcast')
  return row.kind === 'broadcast'
}

/** Those of the chats that are broadcast channels. */
export async function broadcastsAmong(tables: Tables, chatIds: Iterable<ChatId>): Promise<Set<ChatId>> {
  const found = new Set<ChatId>()
  for (const chatId of chatIds) {
    const is = isBroadcast(tables, chatId)
    if (is instanceof Promise ? await is : is) found.add(chatId)
  }
  return found
}
