import type { TableDeclaration } from '../table.ts'
import * as account from './account.ts'
import * as chat from './chat.ts'
import * as group from './group.ts'
import * as mailbox from './mailbox.ts'
import * as media from './media.ts'
import * as runtime from './runtime.ts'
import * as stickers from './stickers.ts'

export * from './account.ts'
export * from './chat.ts'
export * from './group.ts'
export * from './mailbox.ts'
export * from './media.ts'
export * from './runtime.ts'
export * from './stickers.ts'

/** Every table of the system. */
export const allTables: readonly TableDeclaration[] = [account, chat, group, mailbox, media, runtime, stickers]
  .flatMap((group) => Object.values(group))
  .filter((value): value is Extract<typeof value, TableDeclaration> => typeof value === 'object')
