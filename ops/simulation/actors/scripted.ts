import type { AccountCommand, ChatCommand } from '@heliograph/schemas/avro'
import type { Tables } from '@heliograph/storage'
import type { LibraryCommand } from './library-workload.ts'

export type Command = AccountCommand | ChatCommand | LibraryCommand
/** A command, or one that its caller makes of what it sees when it gives it. */
export type Scripted = Command | ((tables: Tables) => Promise<Command>)
