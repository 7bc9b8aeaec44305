import type { TableDeclaration } from '../table.ts'
import * as account from './account.ts'
import * as chat from './chat.ts'
import * as group from './group.ts'
import * as look from './look.ts'
import * as mailbox from './mailbox.ts'
import * as media from './media.ts'
import * as poll from './poll.ts'
import * as reaction from './reaction.ts'
import * as runtime from './runtime.ts'
import * as schedule from './schedule.ts'
import * as statistics from './statistics.ts'
import * as stickers from './stickers.ts'
import * as thread from './thread.ts'

export * from './account.ts'
export * from './chat.ts'
export * from './group.ts'
export * from './look.ts'
export * from './mailbox.ts'
export * from './media.ts'
export * from './poll.ts'
export * from './reaction.ts'
export * from './runtime.ts'
export * from './schedule.ts'
export * from './statistics.ts'
export * from './stickers.ts'
export * from './thread.ts'

/** Every table of the system. */
export const allTables: readonly TableDeclaration[] = [
  account,
  chat,
  group,
  look,
  mailbox,
  media,
  poll,
  reaction,
  runtime,
  schedule,
  statistics,
  stickers,
  thread,
]
  .flatMap((group) => Object.values(group))
  .filter((value): value is Extract<typeof value, TableDeclaration> => typeof value === 'object')
