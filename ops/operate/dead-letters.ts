import {
  accountDecider,
  type Letter,
  listDeadLetters,
  mediaDecider,
  messageDecider,
  NotResubmittable,
  notificationFold,
  type ParkedActor,
  releaseWith,
  resubmit,
  unpark,
} from '@heliograph/actors'
import { parkedActors } from '@heliograph/storage'
import { partitionOf, type TopicName } from '@heliograph/topics'
import { Command } from 'commander'
import { z } from 'zod'
import { type Fields, InvalidOption } from '../start/options/fields.ts'
import { audit } from './audit.ts'
import { decoded } from './inspect/records.ts'
import { textOf } from './inspect/text.ts'
import { withLengths } from './inspect/unseal.ts'
import { flag, JSON_FIELD, jsonOf, type Opened, onStores } from './open.ts'
import { tableOf } from './table.ts'

const REASON_FIELD = {
  reason: { value: '<text>', description: 'why, for the audit', type: z.string().trim().default('') },
} as const satisfies Fields
const UNPARK_FIELDS = {
  ...REASON_FIELD,
  withLetters: flag('handle what was set aside for it first, in its order'),
} as const satisfies Fields

/** The topic that a group reads: where its actors are parked. */
const TOPIC_OF: ReadonlyMap<string, TopicName> = new Map([
  [accountDecider.group, accountDecider.commands],
  [messageDecider.group, messageDecider.commands],
  [mediaDecider.group, mediaDecider.commands],
  [notificationFold.group, notificationFold.topic],
])

/** `heliograph dead-letters`: what could not be handled, and what is to become of it. */
export function deadLettersCommand(): Command {
  return new Command('dead-letters')
    .description('records that could not be handled, and the actors that are parked because of them')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(resubmitCommand())
    .addCommand(unparkCommand())
}

function listCommand(): Command {
  const command = new Command('list').description('list all, and which actors are parked')
  return onStores(command, JSON_FIELD, async (stores, { json }) => {
    const [letters, parked] = [await listDeadLetters(stores), await parkedOf(stores)]
    console.log(json ? jsonOf({ letters: letters.map(listed), parked }) : tablesOf(letters, parked))
  })
}

function showCommand(): Command {
  const command = new Command('show')
    .description('show one, with the record that it holds')
    .argument('<offset>')
  return onStores(command, JSON_FIELD, async (stores, { json }, offset: string) => {
    const letter = await letterAt(stores, offset)
    const { topic, partition, offset: at, key, timestampMs, value } = letter
    const opened = await decoded(stores.codec, value)
    const record = opened.record && withLengths(opened.record)
    const inspected = {
      ...opened,
      topic,
      partition,
      offset: at,
      key,
      timestampMs,
      bytes: value.length,
      record,
    }
    if (json) return console.log(jsonOf({ ...listed(letter), record: inspected }))
    const state = letter.resubmitted ? ', re-submitted since' : ''
    for (const line of [`${letter.group}: ${letter.reason}${state}`, ...textOf(inspected)]) console.log(line)
  })
}

function resubmitCommand(): Command {
  const command = new Command('resubmit')
    .description('give one to its group again, behind what its topic holds now')
    .argument('<offset>')
  return onStores(command, REASON_FIELD, async (stores, { reason }, offset: string) => {
    const letter = await letterAt(stores, offset)
    await expectResubmittable(stores, letter)
    await audit(stores, `resubmit dead letter ${offset}`, reason)
    await resubmit(portsOf(stores), [letter])
    await stores.log.barrier()
    console.log(`re-submitted to ${letter.topic}`)
  })
}

function unparkCommand(): Command {
  const command = new Command('unpark')
    .description('let a parked actor go on')
    .argument('<group>', [...TOPIC_OF.keys()].join(', '))
    .argument('<key>', 'chat id, user:<id>, …')
  return onStores(
    command,
    UNPARK_FIELDS,
    async (stores, { reason, withLetters }, group: string, key: string) => {
      const actor = actorOf(stores, group, key)
      if ((await stores.tables.get(parkedActors, { ...actor })) === undefined)
        throw new InvalidOption(`${group} ${key}: is not parked`)
      await audit(stores, `unpark ${group} ${key}${withLetters ? ' with its letters' : ''}`, reason)
      const ports = portsOf(stores)
      const note = withLetters ? `, with ${await releaseWith(ports, actor)} letters first` : ''
      if (!withLetters) await unpark(ports, actor)
      await stores.log.barrier()
      console.log(`${key} goes on${note}`)
    },
  )
}

const portsOf = ({ log, codec, tables, nowMs }: Opened) => ({ log, codec, tables, now: nowMs })

function actorOf({ log }: Opened, group: string, key: string): ParkedActor {
  const topic = TOPIC_OF.get(group)
  if (topic === undefined)
    throw new InvalidOption(`${group}: not a group (${[...TOPIC_OF.keys()].join(', ')})`)
  return { group, topic, partition: partitionOf(key, log.partitions(topic)), key }
}

/** An offset names a letter: the topic has one partition. */
async function letterAt(stores: Opened, offset: string): Promise<Letter> {
  const [letter] = await listDeadLetters(stores, ({ at }) => String(at.offset) === offset)
  if (letter === undefined) throw new InvalidOption(`${offset}: no dead letter has this offset`)
  return letter
}

async function expectResubmittable({ tables }: Opened, { group, topic, partition, key, ...letter }: Letter) {
  if (letter.resubmitted) throw new NotResubmittable('it has been re-submitted already')
  if ((await tables.get(parkedActors, { group, topic, partition, key })) !== undefined)
    throw new NotResubmittable(
      `its actor is parked: heliograph dead-letters unpark ${group} ${key} --with-letters`,
    )
}

async function parkedOf({ tables }: Opened) {
  const parked = []
  for await (const row of tables.scan(parkedActors)) parked.push(row)
  return parked
}

function listed({ at, value, timestampMs, ...letter }: Letter) {
  return { ...letter, deadLetter: at.offset, bytes: value.length, at: new Date(timestampMs).toISOString() }
}

function tablesOf(letters: readonly Letter[], parked: Awaited<ReturnType<typeof parkedOf>>): string {
  const list = tableOf('offset', 'time', 'group', 'origin', 'key', 'reason', 're-submitted')
  for (const letter of letters) {
    const { at, timestampMs, group, topic, partition, offset, key, reason, resubmitted } = letter
    const origin = `${topic} ${partition}:${offset}`
    const time = new Date(timestampMs).toISOString()
    list.push([at.offset, time, group, origin, key, reason, resubmitted ? 'yes' : 'no'])
  }
  const actors = tableOf('parked', 'key', 'since', 'reason')
  for (const { group, topic, partition, key, offset, reason } of parked)
    actors.push([group, key, `${topic} ${partition}:${offset ?? 0}`, reason ?? ''])
  return parked.length === 0 ? list.toString() : `${list}\n${actors}`
}
