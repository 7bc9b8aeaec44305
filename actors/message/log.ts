import type { ChatId, UserId } from '@heliograph/schemas/avro'
import { adminLog, type Mutation } from '@heliograph/storage'
import type { At } from '../runtime/decider.ts'

interface Logged {
  readonly chatId: ChatId
  readonly date: number
  readonly log?: Buffer | null
  readonly logId?: number
}

/** What an event carries of a command that goes into the log of administrators; nothing where it does not. */
export function loggedAs(log: Buffer | null | undefined, at: At): { log?: Buffer; logId?: number } {
  return log === null || log === undefined ? {} : { log, logId: at.offset }
}

export function projectLog({ chatId, date, log, logId }: Logged, userId: UserId, kind: string): Mutation[] {
  if (log === null || log === undefined) return []
  const row = { chatId, eventId: logId ?? 0, date, userId, kind, sealed: log }
  return [{ kind: 'upsert', table: adminLog, row }]
}
