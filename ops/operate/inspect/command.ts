import { type UserId, userKey } from '@heliograph/schemas/avro'
import { type TopicName, topicDefinitions } from '@heliograph/topics'
import { Command } from 'commander'
import { z } from 'zod'
import { type Fields, InvalidOption, type OptionsOf } from '../../start/options/fields.ts'
import { audit } from '../audit.ts'
import { flag, JSON_FIELD, type Opened, onStores } from '../open.ts'
import { ProgressLine } from '../replay/progress.ts'
import { type Inspected, inspect, placeOf, type Wanted } from './records.ts'
import { jsonLine, textOf } from './text.ts'
import { unsealed, withLengths } from './unseal.ts'

const DEFAULT_LIMIT = 100
const TOPICS = topicDefinitions(1).map(({ name }) => name)
const CHAT_ID = /^(u\d+-\d+|[gc]\d+)$/
const natural = z.coerce.number().int().min(0)

const UNSEAL_FIELDS = {
  ...JSON_FIELD,
  unseal: flag('show what is sealed; needs --reason, and is written to the topic `audit` first'),
  reason: { value: '<text>', description: 'why, for the audit', type: z.string().trim().min(1).optional() },
} as const satisfies Fields
const FIELDS = {
  ...UNSEAL_FIELDS,
  topic: { value: '<name>', description: 'this topic only', type: z.enum(TOPICS).optional() },
  from: { value: '<offset>', description: 'from this offset of each topic on', type: natural.default(0) },
  limit: {
    value: '<n>',
    description: 'at most so many records of each topic',
    type: natural.min(1).default(DEFAULT_LIMIT),
  },
} as const satisfies Fields
export type UnsealOptions = OptionsOf<typeof UNSEAL_FIELDS>
type Options = OptionsOf<typeof FIELDS>

/** `heliograph inspect`: records of a chat, of a user, or one by its place. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('show records as they stand in the topics; sealed parts as lengths, unless asked')
    .addCommand(ofChat())
    .addCommand(ofUser())
    .addCommand(oneRecord())
}

function ofChat(): Command {
  const command = new Command('chat')
    .description('commands and events of a chat')
    .argument('<id>', 'u1000-1001')
  return onStores(command, FIELDS, async (stores, options, id: string) => {
    if (!CHAT_ID.test(id)) throw new InvalidOption(`${id}: not a chat id, such as u1000-1001`)
    await showAll(stores, options, `chat ${id}`, [
      ['chat.commands', id],
      ['chat.events', id],
    ])
  })
}

function ofUser(): Command {
  const command = new Command('user').description('a user’s account and mailbox').argument('<id>', 'user id')
  return onStores(command, FIELDS, async (stores, options, id: string) => {
    const userId = parsed(z.coerce.number().int().min(1), id, 'a user id') as UserId
    await showAll(stores, options, `user ${userId}`, [
      ['account.commands', userKey(userId)],
      ['account.events', userKey(userId)],
      ['mailbox.events', String(userId)],
    ])
  })
}

function oneRecord(): Command {
  const command = new Command('record')
    .description('one record')
    .argument('<topic>')
    .argument('<partition>')
    .argument('<offset>')
  return onStores(command, UNSEAL_FIELDS, async (stores, options, ...place: [string, string, string]) => {
    const topic = parsed(z.enum(TOPICS), place[0], `a topic (${TOPICS.join(', ')})`)
    const partition = parsed(natural.max(stores.log.partitions(topic) - 1), place[1], 'a partition')
    const from = parsed(natural, place[2], 'an offset')
    await beforeShowing(stores, options, `record ${topic} ${partition}:${from}`)
    const shown = await show(stores, options, { topic, partition, from, limit: 1 })
    if (shown === 0) throw new InvalidOption(`${topic} ${partition}:${from}: there is no record`)
  })
}

async function showAll(
  stores: Opened,
  options: Options,
  what: string,
  keys: readonly (readonly [TopicName, string])[],
): Promise<void> {
  await beforeShowing(stores, options, what)
  const { from, limit } = options
  const wanted = keys.filter(([topic]) => options.topic === undefined || options.topic === topic)
  for (const [topic, key] of wanted)
    await show(stores, options, { ...placeOf(stores.log, topic, key), from, limit })
}

/** Refuses to unseal without a reason, and writes it down before anything is read. */
export async function beforeShowing(
  stores: Opened,
  { unseal, reason }: Pick<UnsealOptions, 'unseal' | 'reason'>,
  what: string,
): Promise<void> {
  if (!unseal) return
  if (reason === undefined) throw new InvalidOption('--unseal: needs --reason')
  await audit(stores, `unseal ${what}`, reason)
}

/** Prints records as they come; resolves to how many. Without a key only the record at `from` is meant. */
async function show(
  stores: Opened,
  options: Pick<UnsealOptions, 'unseal' | 'json'>,
  wanted: Wanted,
): Promise<number> {
  const progress = new ProgressLine(wanted.topic, 'records')
  let shown = 0
  for await (const found of inspect(stores, wanted, (read, total) => progress.update(read, total))) {
    if (wanted.key === undefined && found.offset !== wanted.from) break
    const visible = await visibleOf(stores, options.unseal, found)
    for (const line of options.json ? [jsonLine(visible)] : textOf(visible)) console.log(line)
    shown++
  }
  progress.end()
  return shown
}

/** What may be shown of a record. */
export async function visibleOf(stores: Opened, unseal: boolean, found: Inspected): Promise<Inspected> {
  if (found.record === undefined) return found
  const record = unseal ? await unsealed(stores, found.record) : found.record
  return { ...found, record: withLengths(record) }
}

function parsed<T>(type: z.ZodType<T>, text: string, what: string): T {
  const result = type.safeParse(text)
  if (result.success) return result.data
  throw new InvalidOption(`${text}: not ${what}`)
}
