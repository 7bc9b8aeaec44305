import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RecordCodec, type UserId } from '@heliograph/schemas/avro'
import { allTables, type Tables } from '@heliograph/storage'
import { LmdbTables, StoreEnvironment } from '@heliograph/storage/lmdb'
import { topicDefinitions } from '@heliograph/topics'
import { Command } from 'commander'
import pino from 'pino'
import { z } from 'zod'
import {
  type Fields,
  flagsOf,
  InvalidOption,
  type OptionsOf,
  parseOptions,
} from '../../start/options/fields.ts'
import { STORE_FIELDS } from '../../start/options/stores.ts'
import { openStores, type Stores } from '../../start/stores.ts'
import type { Difference } from './compare.ts'
import { ProgressLine } from './progress.ts'
import { Rebuild } from './rebuild.ts'
import { inspectScope, type Repair, repairRows } from './repair.ts'
import { chatScope, type Scope, userScopes } from './scope.ts'
import { verify } from './verify.ts'

const MAX_LISTED = 20
const flag = (description: string) => ({ description, type: z.boolean().default(false) })

const FIELDS = {
  ...STORE_FIELDS,
  chat: {
    value: '<id>',
    description: 'only this chat (such as u1000-1001), in place',
    type: z.string().min(1).optional(),
  },
  user: {
    value: '<id>',
    description: 'only this user’s account and mailbox, in place',
    type: z.coerce.number().int().min(1).optional(),
  },
  repair: flag('with --chat or --user: write the rows that differ as the log says'),
  adopt: flag('make the rebuilt tables the live ones'),
  drop: flag('remove the rebuilt tables in the end'),
  json: flag('print the result as JSON'),
} as const satisfies Fields
type Options = OptionsOf<typeof FIELDS>

/** What a replay found, in numbers and keys. */
interface Result {
  readonly records?: number
  readonly recordsPerSecond?: number
  readonly rows: number
  readonly differences: number
  readonly listed: readonly { readonly table: string; readonly key: object; readonly kind: string }[]
  readonly note?: string
}

/** `heliograph replay`: tables from topics, compared with the live ones. Exits with 1 where rows differ and stay so. */
export function replayCommand(): Command {
  const command = new Command('replay').description(
    'rebuild the tables from the topics, compare them with the live ones row by row, and put right what differs',
  )
  for (const [flags, text] of flagsOf(FIELDS)) command.option(flags, text)
  return command.action(async (flags: Record<string, unknown>) => {
    const options = parseOptions(FIELDS, flags, process.env)
    check(options)
    const stores = await openStores(options, pino({ level: options.logLevel }))
    try {
      await stores.ports.log.createTopics(topicDefinitions(stores.partitions))
      await stores.ports.tables.create(allTables)
      const scoped = options.chat !== undefined || options.user !== undefined
      const result = scoped ? await replaySome(stores, options) : await replayAll(stores, options)
      for (const line of options.json ? [json(result)] : report(result)) console.log(line)
      if (result.differences > 0 && !options.adopt && !options.repair) process.exitCode = 1
    } finally {
      await stores.close()
    }
  })
}

function check({ chat, user, repair, adopt, drop }: Options): void {
  const scoped = chat !== undefined || user !== undefined
  if (chat !== undefined && user !== undefined) throw new InvalidOption('--user: not together with --chat')
  if (repair && !scoped) throw new InvalidOption('--repair: needs --chat or --user; for all there is --adopt')
  if (scoped && (adopt || drop))
    throw new InvalidOption('--adopt, --drop: not together with --chat or --user')
}

async function replayAll({ ports, replica }: Stores, options: Options): Promise<Result> {
  const codec = await RecordCodec.create(ports.registry)
  const tables = await replica.open()
  await tables.create(allTables)
  const rebuild = await Rebuild.open({ log: ports.log, codec, tables })
  const rebuilding = new ProgressLine('replay', 'records')
  const records = await rebuild.catchUp(({ done, total }) => rebuilding.update(done, total))
  const recordsPerSecond = Math.round(records / Math.max(0.001, rebuilding.seconds))
  rebuilding.end()
  const comparing = new ProgressLine('compare', 'rows')
  let compared = 0
  const { rows, differences, count } = await verify(ports.tables, tables, rebuild, (more) => {
    compared += more
    comparing.update(compared)
  })
  comparing.end()
  const found = { differences, endOf: rebuild.endOf }
  const note = options.adopt ? await replica.adopt(tables, found) : `rebuilt tables: ${replica.place}`
  if (options.drop) await replica.drop()
  return { records, recordsPerSecond, rows, differences: count, listed: listed(differences), note }
}

async function replaySome({ ports }: Stores, options: Options): Promise<Result> {
  const codec = await RecordCodec.create(ports.registry)
  const scopes: Scope[] =
    options.chat === undefined ? userScopes(options.user as UserId) : [chatScope(options.chat)]
  const repairs: Repair[] = []
  for (const scope of scopes) {
    await withScratch(async (scratch) => {
      const all = { log: ports.log, codec, live: ports.tables, scratch }
      const found = await inspectScope(scope, all)
      if (options.repair) await repairRows(all, found)
      repairs.push(found)
    })
  }
  const differences = repairs.flatMap((repair) => repair.differences)
  const rows = repairs.reduce((sum, repair) => sum + repair.rows, 0)
  const note = options.repair ? { note: 'the rows that differed are as the log says now' } : {}
  return { rows, differences: differences.length, listed: listed(differences), ...note }
}

/** Tables that are thrown away. */
async function withScratch(use: (tables: Tables) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'heliograph-replay-'))
  const environment = await StoreEnvironment.open(directory)
  try {
    const tables = new LmdbTables(environment)
    await tables.create(allTables)
    await use(tables)
  } finally {
    await environment.close()
    await rm(directory, { recursive: true, force: true })
  }
}

function listed(differences: readonly Difference[]): Result['listed'] {
  return differences.slice(0, MAX_LISTED).map(({ table, key, kind }) => ({ table: table.name, key, kind }))
}

function report({ records, recordsPerSecond, rows, differences, listed, note }: Result): string[] {
  const replayed = records === undefined ? [] : [`replayed ${records} records, ${recordsPerSecond}/s`]
  const verdict = differences === 0 ? 'all equal' : `${differences} differ`
  const lines = listed.map(({ table, key, kind }) => `  ${kind}: ${table} ${json(key)}`)
  const more = differences > listed.length ? [`  and ${differences - listed.length} more`] : []
  return [...replayed, `compared ${rows} rows: ${verdict}`, ...lines, ...more, ...(note ? [note] : [])]
}

const json = (value: unknown) =>
  JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? each.toString() : each))
