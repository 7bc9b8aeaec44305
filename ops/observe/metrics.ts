import { collectDefaultMetrics, type Metric, Registry } from 'prom-client'
import { Counter, Level } from './registry/counter.ts'
import { Histogram } from './registry/histogram.ts'
import { Reading } from './registry/reading.ts'

const SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
]
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256]

/** The way of a message, as `heliograph_hop_seconds` names its parts. */
export const HOPS = {
  frameToCommand: 'frame_to_command',
  commandToEvent: 'command_to_event',
  commandToMailbox: 'command_to_mailbox',
  commandToUpdate: 'command_to_update',
  busToUpdate: 'bus_to_update',
} as const

const gateway = () => ({
  calls: new Histogram(
    'heliograph_call_seconds',
    'From the client frame to the answer.',
    ['method'],
    SECONDS,
  ),
  callErrors: new Counter('heliograph_call_errors_total', 'Calls answered with an error.', [
    'method',
    'code',
  ]),
  floodWaits: new Counter('heliograph_flood_waits_total', 'Calls that were told to wait.'),
  linksOpened: new Counter('heliograph_links_opened_total', 'Connections and requests.', ['transport']),
  links: new Level('heliograph_links', 'Connections and waiting requests now.', ['transport']),
  keyExchanges: new Counter('heliograph_key_exchanges_total', 'Key exchanges by outcome.', ['outcome']),
  commands: new Counter('heliograph_commands_total', 'Commands appended.', ['topic', 'outcome']),
  commandBatch: new Histogram('heliograph_command_batch', 'Commands in one append.', ['topic'], SIZES),
  pushes: new Counter('heliograph_pushes_total', 'Mailbox updates given to sessions.'),
  fileBytes: new Counter('heliograph_file_bytes_total', 'Bytes of files, by what became of them.', ['what']),
  stalls: new Counter('heliograph_session_stalls_total', 'Times that a link took no more.'),
  overflows: new Counter('heliograph_session_overflows_total', 'Slow sessions that lost their queue.'),
  sessions: new Reading('heliograph_sessions', 'Sessions in memory.'),
  stalledSessions: new Reading('heliograph_stalled_sessions', 'Sessions whose link takes no more now.'),
  waitingCalls: new Reading('heliograph_waiting_calls', 'Calls that wait for an actor.'),
  derivations: new Reading(
    'heliograph_derivations',
    'Uploads that thumbs and the like are made of, or that wait for it.',
  ),
  connectedUsers: new Reading('heliograph_connected_users', 'Users with a session that gets updates.'),
})

const actors = () => ({
  handled: new Counter('heliograph_handled_records_total', 'Records handled.', ['group', 'topic']),
  handledBytes: new Counter('heliograph_handled_bytes_total', 'Bytes of them.', ['group', 'topic']),
  batches: new Histogram('heliograph_batch_records', 'Records in a batch.', ['group', 'topic'], SIZES),
  stages: new Histogram(
    'heliograph_batch_stage_seconds',
    'Parts of handling a batch.',
    ['group', 'topic', 'stage'],
    SECONDS,
  ),
  parkings: new Counter('heliograph_parkings_total', 'Actors parked by a poison record.', ['group', 'topic']),
  parked: new Reading('heliograph_parked_actors', 'Actors parked now, on partitions owned here.', [
    'group',
    'topic',
  ]),
  interruptions: new Counter('heliograph_interruptions_total', 'Owners that a store failed.', [
    'group',
    'topic',
  ]),
  reopenings: new Counter('heliograph_reopenings_total', 'Partitions served again.', ['group', 'topic']),
  supersessions: new Counter('heliograph_supersessions_total', 'Owners that another one replaced.', [
    'group',
    'topic',
  ]),
  assigned: new Level('heliograph_assigned_partitions', 'Partitions owned now.', ['group', 'topic']),
  lag: new Reading('heliograph_lag_records', 'Records behind the committed offset.', [
    'group',
    'topic',
    'partition',
  ]),
})

const stores = () => ({
  operations: new Histogram(
    'heliograph_store_seconds',
    'Calls to stores that succeeded.',
    ['store', 'operation'],
    SECONDS,
  ),
  failures: new Counter('heliograph_store_failures_total', 'Calls to stores that failed.', [
    'store',
    'operation',
    'kind',
  ]),
  pending: new Level('heliograph_store_pending', 'Calls to stores under way.', ['store', 'operation']),
  appended: new Counter('heliograph_appended_records_total', 'Records appended.', ['topic']),
  appendedBytes: new Counter('heliograph_appended_bytes_total', 'Bytes of their values.', ['topic']),
  rows: new Counter('heliograph_applied_rows_total', 'Rows written or deleted.'),
  published: new Counter('heliograph_published_total', 'Messages published on the bus.'),
})

const process = () => ({
  hops: new Histogram(
    'heliograph_hop_seconds',
    'Parts of the way of a message. What begins with a command counts from when it was given, by the clocks of its machines.',
    ['hop'],
    SECONDS,
  ),
  ready: new Reading('heliograph_ready', '1 while the process can do its work.'),
})

/** Everything that a process measures of itself. A role that does not do something leaves its metrics without samples. */
export function createMetrics() {
  const metrics = { ...gateway(), ...actors(), ...stores(), ...process() }
  const registry = new Registry()
  // The families have what the registry asks of a metric when it writes; its type wants prom-client's own classes.
  for (const family of Object.values(metrics)) registry.registerMetric(family as unknown as Metric)
  return { ...metrics, registry }
}

export type Metrics = ReturnType<typeof createMetrics>

/** Adds what the runtime tells of the process: memory, CPU, event loop, garbage collection. */
export function measureProcess({ registry }: Metrics): void {
  collectDefaultMetrics({ register: registry })
}
