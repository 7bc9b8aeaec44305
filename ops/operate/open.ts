import { RecordCodec } from '@heliograph/schemas/avro'
import { allTables } from '@heliograph/storage'
import { topicDefinitions } from '@heliograph/topics'
import type { Command } from 'commander'
import pino from 'pino'
import { z } from 'zod'
import { type Fields, flagsOf, type OptionsOf, parseOptions } from '../start/options/fields.ts'
import { STORE_FIELDS, type StoreOptions } from '../start/options/stores.ts'
import { openStores, type Stores } from '../start/stores.ts'

const STANDARD_ERROR = 2

/** A flag without a value. */
export const flag = (description: string) => ({ description, type: z.boolean().default(false) })
/** What every command that lists has. */
export const JSON_FIELD = { json: flag('print JSON') }

/** Stores that a command works on. */
export interface Opened extends Pick<Stores['ports'], 'log' | 'tables' | 'keyring' | 'bus' | 'blobs'> {
  readonly codec: RecordCodec
  readonly nowMs: () => number
  readonly embedded: boolean
}

/**
 * Gives a command the options of stores and its own, and runs it on stores that are open. What it prints is its own; what
 * stores have to say goes to standard error.
 */
export function onStores<F extends Fields, A extends unknown[]>(
  command: Command,
  fields: F,
  run: (stores: Opened, options: OptionsOf<F> & StoreOptions, ...args: A) => Promise<void>,
): Command {
  const all = { ...STORE_FIELDS, ...fields }
  for (const [flags, text] of flagsOf(all)) command.option(flags, text)
  return command.action(async (...given: unknown[]) => {
    const args = given.slice(0, -2) as A
    const flags = given.at(-2) as Record<string, unknown>
    const options = parseOptions(all, flags, process.env) as OptionsOf<F> & StoreOptions
    await withStores(options, (stores) => run(stores, options, ...args))
  })
}

/** Topics and tables are there, or as they must be, as every role sees to. */
export async function withStores(
  options: StoreOptions,
  use: (stores: Opened) => Promise<void>,
): Promise<void> {
  const stores = await openStores(
    options,
    pino({ level: options.logLevel }, pino.destination(STANDARD_ERROR)),
  )
  try {
    const { log, tables, keyring, bus, blobs, registry } = stores.ports
    await log.createTopics(topicDefinitions(stores.partitions))
    await tables.create(allTables)
    const codec = await RecordCodec.create(registry)
    await use({ log, tables, keyring, bus, blobs, codec, nowMs: Date.now, embedded: stores.embedded })
  } finally {
    await stores.close()
  }
}

/** JSON for people and programs; numbers that JSON cannot hold are text, bytes are hexadecimal. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (typeof each === 'bigint') return each.toString()
    if (isBufferJson(each)) return Buffer.from(each.data).toString('hex')
    return each
  })
}

function isBufferJson(value: unknown): value is { readonly type: 'Buffer'; readonly data: number[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'Buffer' &&
    'data' in value
  )
}
