import { type AccountCommand, FIRST_USER_ID } from '@heliograph/schemas/avro'
import {
  type AnyRow,
  blocked,
  contacts,
  drafts,
  phones,
  settings,
  type TableDeclaration,
  type Tables,
  usernames,
  users,
} from '@heliograph/storage'
import type { Fact, Facts } from './facts.ts'
import { assertRows } from './rows.ts'

const PARTITIONS = 2
const AUDITED = [blocked, contacts, drafts, phones, settings, usernames, users]

/** The accounts are what the commands make of them, one after the other. Auth keys are left to the replay. */
export async function auditAccounts({ accountCommands }: Facts, tables: Tables): Promise<void> {
  const model = new Accounts()
  for (const command of accountCommands) model.take(command)
  for (const table of AUDITED) await assertRows(tables, table, model.rows(table))
}

class Accounts {
  readonly #tables = new Map<TableDeclaration, Map<string, AnyRow>>()

  rows(table: TableDeclaration): AnyRow[] {
    return [...this.#of(table).values()]
  }

  take({ record: command, date, offset, partition }: Fact<AccountCommand>): void {
    switch (command.type) {
      case 'ReservePhone': {
        const userId = FIRST_USER_ID + offset * PARTITIONS + partition
        return this.#putNew(phones, command.phoneHmac, { phoneHmac: command.phoneHmac, userId })
      }
      case 'ClaimUsername': {
        const username = command.username.toLowerCase()
        return this.#putNew(usernames, username, { username, userId: command.userId })
      }
      case 'ReleaseUsername': {
        const username = command.username.toLowerCase()
        const isOwner = this.#of(usernames).get(username)?.userId === command.userId
        return isOwner ? this.#put(usernames, username, undefined) : undefined
      }
      case 'CreateUser':
        return this.#putNew(users, `${command.userId}`, {
          ...command,
          username: null,
          createdAt: date,
          activeAt: date,
        })
      case 'UpdateProfile': {
        const user = this.#of(users).get(`${command.userId}`)
        return user && this.#put(users, `${command.userId}`, { ...user, profile: command.profile })
      }
      case 'SetBlocked': {
        const { userId, peerId } = command
        const pair = `${userId} ${peerId}`
        if ((userId as number) === peerId) return
        return command.blocked
          ? this.#putNew(blocked, pair, { userId, peerId, date })
          : this.#put(blocked, pair, undefined)
      }
      case 'SaveDraft': {
        const { userId, peerId, sealed, replyToMsgId } = command
        return this.#putBody(drafts, `${userId} ${peerId}`, { userId, peerId, sealed, replyToMsgId, date })
      }
      case 'PutSetting': {
        const { userId, name, sealed } = command
        return this.#putBody(settings, `${userId} ${name}`, { userId, name, sealed })
      }
      case 'PutContacts': {
        const { userId } = command
        for (const contact of command.contacts) {
          this.#put(contacts, `${userId} ${contact.contactId}`, { userId, date, ...contact })
        }
        return
      }
      case 'DeleteContacts':
        for (const contactId of command.contactIds)
          this.#put(contacts, `${command.userId} ${contactId}`, undefined)
    }
  }

  #of(table: TableDeclaration): Map<string, AnyRow> {
    const rows = this.#tables.get(table) ?? new Map<string, AnyRow>()
    this.#tables.set(table, rows)
    return rows
  }

  #put(table: TableDeclaration, key: string, row: AnyRow | undefined): void {
    if (row === undefined) this.#of(table).delete(key)
    else this.#of(table).set(key, row)
  }

  #putNew(table: TableDeclaration, key: string, row: AnyRow): void {
    if (!this.#of(table).has(key)) this.#put(table, key, row)
  }

  /** No body removes what is there; the same body again changes nothing. */
  #putBody(table: TableDeclaration, key: string, row: AnyRow & { readonly sealed: Buffer | null }): void {
    if (row.sealed === null) return this.#put(table, key, undefined)
    const before = this.#of(table).get(key) as typeof row | undefined
    if (before?.sealed?.equals(row.sealed) !== true) this.#put(table, key, row)
  }
}
