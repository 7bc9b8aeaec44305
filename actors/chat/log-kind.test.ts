import { ADMIN_RIGHTS, BANNED_RIGHTS, type ChatCommand } from '@heliograph/schemas/avro'
import { adminLog } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import {
  add,
  admin,
  alice,
  ban,
  bob,
  carol,
  create,
  dave,
  edit,
  join,
  kick,
  leave,
  link,
  putInvite,
  Story,
  supergroup,
} from './samples.ts'

const log = Buffer.from('action')
const chat = [
  create('supergroup'),
  add(supergroup, alice, bob, carol),
  edit(supergroup, alice, 'username', { username: 'heliograph' }),
]

/** The kinds under which the last of these commands are found, in their order; those that make the chat are not logged. */
function kindsOf(...commands: readonly (ChatCommand & { log?: Buffer | null })[]): unknown[] {
  const { rows } = new Story().tell(...chat, ...commands.map((command) => ({ ...command, log })))
  const entries = rows.entries().filter(([id]) => id.startsWith(`${adminLog.name}(`))
  return entries
    .map(([, row]) => row)
    .sort((a, b) => Number(a.eventId) - Number(b.eventId))
    .map(({ kind }) => kind)
}

describe('the log of administrators', () => {
  it('tells promotions from demotions', () => {
    const promote = admin(supergroup, alice, bob, ADMIN_RIGHTS.other)
    expect(kindsOf(promote, admin(supergroup, alice, bob, 0))).toEqual(['promote', 'demote'])
  })

  it('tells removals and restrictions, and the lifting of each', () => {
    const muted = ban(supergroup, alice, carol, BANNED_RIGHTS.sendMessages)
    const lifted = ban(supergroup, alice, carol, 0)
    const kinds = kindsOf(kick(supergroup, alice, bob), ban(supergroup, alice, bob, 0), muted, lifted)
    expect(kinds).toEqual(['kick', 'unkick', 'ban', 'unban'])
  })

  it('tells who came, went and was brought in', () => {
    const kinds = kindsOf(join(supergroup, dave), leave(supergroup, dave), add(supergroup, bob, dave))
    expect(kinds).toEqual(['join', 'leave', 'invite'])
  })

  it('tells looks from settings, and links', () => {
    const title = edit(supergroup, alice, 'title', { profile: log })
    const slow = edit(supergroup, alice, 'slow-mode', { slowModeSeconds: 30 })
    expect(kindsOf(title, slow, putInvite(supergroup, link(alice, 'h')))).toEqual([
      'info',
      'settings',
      'invites',
    ])
  })
})
