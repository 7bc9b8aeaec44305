import { deepStrictEqual, strictEqual } from 'node:assert/strict'
import { parkedActors } from '@heliograph/storage'
import { realCast } from '../actors/run.ts'
import type { Outcome } from '../run.ts'
import { auditChats } from './chats.ts'
import { auditClients } from './clients.ts'
import { assertEdits, assertReacted, auditClubs, lagOf } from './clubs.ts'
import { auditDeeds } from './deeds.ts'
import { auditDifferences } from './difference.ts'
import { readFacts } from './facts.ts'
import { auditGroups, unheardIn } from './groups.ts'
import { auditMailboxes } from './mailboxes.ts'
import { auditReplay } from './replayed.ts'
import { assertRows } from './rows.ts'
import { auditSecrets } from './secrets.ts'

/**
 * Checks everything that must hold at the end of a run, whatever happened on the way. It knows the protocol and the rules of
 * the log, but none of the code that it judges. Throws an `AssertionError` that names what does not hold.
 */
export async function audit(outcome: Outcome): Promise<void> {
  const { world, deeds, testimonies, clubs, groups, clubTestimonies } = outcome
  deepStrictEqual(world.bugs, [], 'faults of ours')
  auditDeeds(deeds, testimonies)
  const { tables } = world.disk
  const log = world.disk.openLog()
  strictEqual(await log.end('dead-letters', 0), 0, 'dead letters')
  await assertRows(tables, parkedActors, [])
  const facts = await readFacts(log, world.codec)
  auditClients(testimonies, unheardIn(groups, facts))
  const lag = lagOf(world.plan)
  auditClubs(clubs, clubTestimonies, facts, lag)
  assertEdits(clubs, clubTestimonies)
  assertReacted(clubs, facts)
  auditGroups(groups, testimonies, facts, lag)
  const chats = await auditChats(facts, tables)
  const mailboxes = await auditMailboxes(facts, chats, tables)
  await auditDifferences(mailboxes, tables)
  await auditReplay(log, tables, realCast(world.codec))
  await auditSecrets(world)
}
