import { deepStrictEqual } from 'node:assert/strict'
import type { RecordCodec } from '@heliograph/schemas/avro'
import { parkedActors } from '@heliograph/storage'
import { auditAccounts } from '../audit/accounts.ts'
import { auditChats } from '../audit/chats.ts'
import { auditDifferences } from '../audit/difference.ts'
import { readFacts } from '../audit/facts.ts'
import { auditMailboxes } from '../audit/mailboxes.ts'
import { auditReplay } from '../audit/replayed.ts'
import { assertRows } from '../audit/rows.ts'
import { auditAnswers } from './answers.ts'
import { auditTold } from './public-answers.ts'
import { auditPushes } from './pushes.ts'
import { type Outcome, realCast } from './run.ts'

/**
 * Checks everything that must hold at the end of a run, whatever happened on the way. It knows the rules but none of the
 * code that it judges. Throws an `AssertionError` that names what does not hold.
 */
export async function audit({ world, gateway }: Outcome, codec: RecordCodec): Promise<void> {
  const { log, tables } = await world.stores()
  const facts = await readFacts(log, codec)
  deepStrictEqual(await log.end('dead-letters', 0), 0, 'dead letters')
  await assertRows(tables, parkedActors, [])
  await auditAccounts(facts, tables)
  const chats = await auditChats(facts, tables)
  const mailboxes = await auditMailboxes(facts, chats, tables)
  auditAnswers(facts, gateway, mailboxes, chats)
  auditPushes(gateway, mailboxes)
  auditTold(gateway, chats)
  await auditDifferences(mailboxes, tables)
  await auditReplay(log, tables, realCast(codec))
}
