import { deepStrictEqual } from 'node:assert/strict'
import { ADMIN_RIGHTS, type AdoptMembers, type ChatCommand } from '@heliograph/schemas/avro'
import type { Fact } from '../facts.ts'
import type { PublicChat } from './state.ts'

const { changeInfo, deleteMessages, banUsers, inviteUsers, pinMessages, manageCall, other } = ADMIN_RIGHTS
/** What an administrator of a basic group has once it is a supergroup. */
const RIGHTS = changeInfo | deleteMessages | banUsers | inviteUsers | pinMessages | manageCall | other

/** What a basic group has become has all its members, and begins with what they had agreed on. */
export function assertMigrations(chats: readonly PublicChat[], commands: readonly Fact<ChatCommand>[]): void {
  for (const chat of chats) {
    if (chat.migratedTo === undefined) continue
    const given = commands.map(({ record }) => record).filter(({ chatId }) => chatId === chat.migratedTo)
    const created = given.find((each) => each.type === 'CreateChat')
    const adopted = given.find((each) => each.type === 'AdoptMembers')
    const name = `what ${chat.chatId} became`
    deepStrictEqual(created && [created.kind, created.migratedFrom], ['supergroup', chat.chatId], name)
    deepStrictEqual(adopted && saidBy(adopted), expectedOf(chat), `members of ${name}`)
  }
}

interface Adopted {
  readonly people: readonly string[]
  readonly rules: string
}

function saidBy({ members, defaultBanned, reactions, reactionsLimit }: AdoptMembers): Adopted {
  const people = members.map(({ peerId, status, rights }) => `${peerId} ${status} ${rights}`)
  return { people: people.sort(), rules: `${defaultBanned} ${reactions} ${reactionsLimit}` }
}

function expectedOf(chat: PublicChat): Adopted {
  const { order, defaultBanned, reactions, reactionsLimit } = chat
  const others = order.filter((id) => chat.member(id)?.status !== 'creator')
  const people = others.map((id) =>
    chat.member(id)?.status === 'admin' ? `${id} admin ${RIGHTS}` : `${id} member 0`,
  )
  return { people: people.sort(), rules: `${defaultBanned} ${reactions} ${reactionsLimit}` }
}
