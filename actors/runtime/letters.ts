import type { DeadLetter } from '@heliograph/schemas/avro'
import { parkedActors } from '@heliograph/storage'
import { type Log, type LogRecord, type Offset, partitionOf, type TopicName } from '@heliograph/topics'
import { openRecords } from './opened-record.ts'
import { readRange } from './partition-reader.ts'
import { type Assignment, DEFAULT_LIMITS, type Ports } from './ports.ts'

/** Letters that one listing holds in memory. */
export const MAX_LISTED_LETTERS = 10_000
/** Records of one re-submission: they are appended together. */
export const MAX_RESUBMITTED = 1_000
/** Reason of a letter that says that an earlier one of the same origin has been re-submitted. */
export const RESUBMITTED = 're-submitted'

type LetterPorts = Pick<Ports, 'log' | 'codec' | 'now'>

/** A record that was set aside. */
export interface Letter
  extends Pick<DeadLetter, 'group' | 'partition' | 'offset' | 'key' | 'reason' | 'value'> {
  /** Partition and offset in `dead-letters`: its name for an operator. */
  readonly at: { readonly partition: number; readonly offset: Offset }
  /** Where the record stood; the group reads commands, or events where these could not be handled after a crash. */
  readonly topic: TopicName
  /** When it was set aside, milliseconds since 1970. */
  readonly timestampMs: number
  readonly resubmitted: boolean
}
/** A parked actor: what its group sets aside by this key, in this partition. */
export interface ParkedActor extends Assignment {
  readonly key: string
}
/** A letter that cannot be given to its group again. */
export class NotResubmittable extends Error {}

/**
 * The records that were set aside, oldest first, each origin once: a store that failed may have stored a letter twice.
 * Throws where there are more than `MAX_LISTED_LETTERS` that match.
 */
export async function listDeadLetters(
  ports: Pick<LetterPorts, 'log' | 'codec'>,
  matches: (letter: Letter) => boolean = () => true,
): Promise<Letter[]> {
  const letters = new Map<string, Letter>()
  for (let partition = 0; partition < ports.log.partitions('dead-letters'); partition++) {
    await collect(ports, partition, letters, matches)
  }
  return [...letters.values()]
}

/**
 * Gives letters to their group again, in the order given, behind what their topic holds now: as records without a cause and
 * with nobody who waits for an answer. A command is known by its own number (sender and random id), so one that has had its
 * effect meanwhile has none again. Their actor should not be parked any more; `releaseWith` does both at once.
 * Throws `NotResubmittable` for an event: a replay repairs what it was to do.
 */
export async function resubmit(ports: LetterPorts, letters: readonly Letter[]): Promise<void> {
  for (const part of byPartition(ports.log, letters)) {
    await ports.log.append(part.topic, part.partition, await records(ports, part.letters))
    await tell(ports, part.letters)
  }
}

/**
 * Lets a parked actor go on, from what comes next; false where it is not parked. Takes effect as soon as the owner of its
 * partition reads the record that says so. Replays read it too, so it is in the topic for good.
 */
export async function unpark(
  ports: Pick<Ports, 'log' | 'tables' | 'now'>,
  actor: ParkedActor,
): Promise<boolean> {
  if (!(await isParked(ports, actor))) return false
  await ports.log.append(actor.topic, actor.partition, [release(ports, actor)])
  return true
}

/**
 * Lets a parked actor go on with the letters that were set aside for it, in their order, and only then with what comes next.
 * Commands that are set aside while this runs stay letters: list again. Resolves to how many went in.
 */
export async function releaseWith(
  ports: LetterPorts & Pick<Ports, 'tables'>,
  actor: ParkedActor,
): Promise<number> {
  const { group, key, partition, topic } = actor
  if (!(await isParked(ports, actor))) return 0
  const isOf = (letter: Letter) =>
    !letter.resubmitted &&
    letter.key === key &&
    letter.group === group &&
    letter.topic === topic &&
    letter.partition === partition
  const letters = (await listDeadLetters(ports)).filter(isOf).sort((a, b) => a.offset - b.offset)
  await ports.log.append(topic, partition, [release(ports, actor), ...(await records(ports, letters))])
  await tell(ports, letters)
  return letters.length
}

async function collect(
  { codec, log }: Pick<LetterPorts, 'log' | 'codec'>,
  partition: number,
  to: Map<string, Letter>,
  matches: (letter: Letter) => boolean,
): Promise<void> {
  const end = await log.end('dead-letters', partition)
  for await (const stored of readRange(log, 'dead-letters', partition, 0, end, DEFAULT_LIMITS)) {
    for (const opened of await openRecords(codec, stored)) {
      if (opened.record?.type !== 'DeadLetter') continue
      const record = opened.record as DeadLetter
      const { offset, timestampMs } = opened.stored
      const letter = { ...record, topic: record.topic as TopicName, timestampMs, resubmitted: false }
      take(to, { ...letter, at: { partition, offset } }, matches)
    }
  }
}

function take(to: Map<string, Letter>, letter: Letter, matches: (letter: Letter) => boolean): void {
  const origin = `${letter.group} ${letter.topic} ${letter.partition} ${letter.offset}`
  const known = to.get(origin)
  if (letter.reason === RESUBMITTED) {
    if (known !== undefined) to.set(origin, { ...known, resubmitted: true })
  } else if (known === undefined && matches(letter)) {
    if (to.size >= MAX_LISTED_LETTERS) throw new Error(`more than ${MAX_LISTED_LETTERS} dead letters`)
    to.set(origin, letter)
  }
}

async function isParked({ tables }: Pick<Ports, 'tables'>, { group, key, partition, topic }: ParkedActor) {
  return (await tables.get(parkedActors, { group, topic, partition, key })) !== undefined
}

function release({ now }: Pick<Ports, 'now'>, { key }: ParkedActor): LogRecord {
  return { key, value: Buffer.alloc(0), timestampMs: now() }
}

function* byPartition(log: Log, letters: readonly Letter[]) {
  const parts = new Map<string, { topic: TopicName; partition: number; letters: Letter[] }>()
  for (const letter of letters) {
    const { key, topic } = letter
    const partition = partitionOf(key, log.partitions(topic))
    const name = `${topic} ${partition}`
    const part = parts.get(name) ?? { topic, partition, letters: [] }
    part.letters.push(letter)
    parts.set(name, part)
  }
  yield* parts.values()
}

/** The records of letters, as new ones: their cause has been seen, and whoever waited for an answer has got one. */
async function records({ codec, now }: LetterPorts, letters: readonly Letter[]): Promise<LogRecord[]> {
  if (letters.length > MAX_RESUBMITTED)
    throw new NotResubmittable(`more than ${MAX_RESUBMITTED} letters at once`)
  const stored = letters.map(({ key, offset, value }) => {
    return { key, value, offset: offset as Offset, timestampMs: now() }
  })
  return (await openRecords(codec, stored)).map(({ header, record, stored: { key, timestampMs } }, i) => {
    const { topic } = letters[i] as Letter
    if (header === undefined || record === undefined) throw new NotResubmittable('the record cannot be read')
    if (isOwned(topic)) throw new NotResubmittable(`${topic} takes events from its owner alone`)
    return { key, timestampMs, value: codec.encode({ ...header, cause: null, reply: null }, record) }
  })
}

/** Topics of events that a decider owns; others would stand in the way of its next append, and count for nothing. */
function isOwned(topic: TopicName): boolean {
  return topic === 'account.events' || topic === 'chat.events'
}

/** Notes that letters have been re-submitted. */
async function tell({ codec, log, now }: LetterPorts, letters: readonly Letter[]): Promise<void> {
  for (const { at, group, key, offset, partition, topic } of letters) {
    const cause = { topic, partition, offset, index: 0 }
    const note: DeadLetter = {
      type: 'DeadLetter',
      group,
      topic,
      partition,
      offset,
      key,
      reason: RESUBMITTED,
      value: Buffer.alloc(0),
    }
    const value = codec.encode({ cause, epoch: 0, reply: null }, note)
    await log.append('dead-letters', at.partition, [{ key, value, timestampMs: now() }])
  }
}
