import type { TableDeclaration } from '../table.ts'
import * as account from './account.ts'
import * as chat from './chat.ts'
import * as mailbox from './mailbox.ts'
import * as runtime from './runtime.ts'

export * from './account.ts'
export * from './chat.ts'
export * from './mailbox.ts'
export * from './runtime.ts'

/** Every table of the system. */
export const allTables: readonly TableDeclaration[] = [account, chat, mailbox, runtime]
  .flatMap((group) => Object.values(group))
  .filter((value): value is Extract<typeof value, TableDeclaration> => typeof value === 'object')
