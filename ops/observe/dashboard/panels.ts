import { mean, quantile, rate, total } from './queries.ts'

export interface Target {
  readonly query: string
  /** Name of the line; `{{label}}` stands for a label's value. */
  readonly legend: string
}
export interface Panel {
  readonly title: string
  readonly unit: 'reqps' | 'short' | 's' | 'Bps' | 'bytes' | 'percentunit'
  readonly targets: readonly Target[]
}
export interface Row {
  readonly title: string
  readonly panels: readonly Panel[]
}

const line = (query: string, legend: string): Target => ({ query, legend })

/** Median, and what one in a hundred exceeds. */
const p50p99 = (histogram: string, by: string, legend: string): Target[] => [
  line(quantile(0.5, histogram, by), `${legend} p50`),
  line(quantile(0.99, histogram, by), `${legend} p99`),
]

const traffic: Row = {
  title: 'Traffic',
  panels: [
    {
      title: 'Calls',
      unit: 'reqps',
      targets: [line(rate('heliograph_call_seconds_count', 'method'), '{{method}}')],
    },
    {
      title: 'Commands',
      unit: 'reqps',
      targets: [line(rate('heliograph_commands_total', 'topic, outcome'), '{{topic}} {{outcome}}')],
    },
    {
      title: 'Records handled',
      unit: 'reqps',
      targets: [line(rate('heliograph_handled_records_total', 'group'), '{{group}}')],
    },
    {
      title: 'Updates pushed, messages published',
      unit: 'reqps',
      targets: [
        line(rate('heliograph_pushes_total'), 'pushed'),
        line(rate('heliograph_published_total'), 'published'),
      ],
    },
    {
      title: 'Records appended',
      unit: 'reqps',
      targets: [line(rate('heliograph_appended_records_total', 'topic'), '{{topic}}')],
    },
    {
      title: 'Bytes appended, bytes handled',
      unit: 'Bps',
      targets: [
        line(rate('heliograph_appended_bytes_total', 'topic'), '{{topic}}'),
        line(rate('heliograph_handled_bytes_total', 'group'), 'handled by {{group}}'),
      ],
    },
    {
      title: 'Bytes of files',
      unit: 'Bps',
      targets: [line(rate('heliograph_file_bytes_total', 'what'), '{{what}}')],
    },
    {
      title: 'Files that were stored already',
      unit: 'percentunit',
      targets: [
        line(
          `${rate('heliograph_file_bytes_total{what="known"}')} / ${rate('heliograph_file_bytes_total{what=~"known|stored"}')}`,
          'known',
        ),
      ],
    },
  ],
}

const latency: Row = {
  title: 'Latency per hop',
  panels: [
    { title: 'Hops of a message', unit: 's', targets: p50p99('heliograph_hop_seconds', 'hop', '{{hop}}') },
    {
      title: 'Sending a message, as the client sees it',
      unit: 's',
      targets: p50p99('heliograph_call_seconds', 'method', '{{method}}').map(({ query, legend }) =>
        line(query.replace('_bucket[', '_bucket{method="messages.sendMessage"}['), legend),
      ),
    },
    {
      title: 'Slowest methods (p99)',
      unit: 's',
      targets: [line(`topk(8, ${quantile(0.99, 'heliograph_call_seconds', 'method')})`, '{{method}}')],
    },
    {
      title: 'Parts of a batch (p99)',
      unit: 's',
      targets: [
        line(quantile(0.99, 'heliograph_batch_stage_seconds', 'group, stage'), '{{group}} {{stage}}'),
      ],
    },
    {
      title: 'Records in a batch (mean)',
      unit: 'short',
      targets: [line(mean('heliograph_batch_records', 'group'), '{{group}}')],
    },
    {
      title: 'Commands in an append (mean)',
      unit: 'short',
      targets: [line(mean('heliograph_command_batch', 'topic'), '{{topic}}')],
    },
  ],
}

const owners: Row = {
  title: 'Lag and owners',
  panels: [
    {
      title: 'Lag',
      unit: 'short',
      targets: [line(total('heliograph_lag_records', 'group, topic'), '{{group}} {{topic}}')],
    },
    {
      title: 'Partitions owned',
      unit: 'short',
      targets: [line(total('heliograph_assigned_partitions', 'group, instance'), '{{group}} {{instance}}')],
    },
    {
      title: 'Parked actors',
      unit: 'short',
      targets: [
        line(total('heliograph_parked_actors', 'group'), '{{group}}'),
        line(rate('heliograph_parkings_total', 'group'), '{{group}} parked per second'),
      ],
    },
    {
      title: 'Interrupted, reopened, superseded',
      unit: 'reqps',
      targets: [
        line(rate('heliograph_interruptions_total', 'group'), '{{group}} interrupted'),
        line(rate('heliograph_reopenings_total', 'group'), '{{group}} reopened'),
        line(rate('heliograph_supersessions_total', 'group'), '{{group}} superseded'),
      ],
    },
  ],
}

const errors: Row = {
  title: 'Errors',
  panels: [
    {
      title: 'Calls answered with an error',
      unit: 'reqps',
      targets: [line(rate('heliograph_call_errors_total', 'code'), '{{code}}')],
    },
    {
      title: 'Flood waits',
      unit: 'reqps',
      targets: [line(rate('heliograph_flood_waits_total'), 'flood waits')],
    },
    {
      title: 'Store failures',
      unit: 'reqps',
      targets: [
        line(
          rate('heliograph_store_failures_total', 'store, operation, kind'),
          '{{store}} {{operation}} {{kind}}',
        ),
      ],
    },
    { title: 'Ready', unit: 'short', targets: [line(total('heliograph_ready', 'instance'), '{{instance}}')] },
  ],
}

const stores: Row = {
  title: 'Stores',
  panels: [
    {
      title: 'Calls to stores',
      unit: 'reqps',
      targets: [line(rate('heliograph_store_seconds_count', 'store, operation'), '{{store}} {{operation}}')],
    },
    {
      title: 'Time of a call (p99)',
      unit: 's',
      targets: [
        line(quantile(0.99, 'heliograph_store_seconds', 'store, operation'), '{{store}} {{operation}}'),
      ],
    },
    {
      title: 'Calls under way',
      unit: 'short',
      targets: [line(total('heliograph_store_pending', 'store, operation'), '{{store}} {{operation}}')],
    },
    { title: 'Rows written', unit: 'reqps', targets: [line(rate('heliograph_applied_rows_total'), 'rows')] },
  ],
}

const connections: Row = {
  title: 'Connections',
  panels: [
    {
      title: 'Connections',
      unit: 'short',
      targets: [line(total('heliograph_links', 'transport'), '{{transport}}')],
    },
    {
      title: 'New connections',
      unit: 'reqps',
      targets: [line(rate('heliograph_links_opened_total', 'transport'), '{{transport}}')],
    },
    {
      title: 'Sessions, connected users',
      unit: 'short',
      targets: [
        line(total('heliograph_sessions'), 'sessions'),
        line(total('heliograph_connected_users'), 'users'),
      ],
    },
    {
      title: 'Key exchanges',
      unit: 'reqps',
      targets: [line(rate('heliograph_key_exchanges_total', 'outcome'), '{{outcome}}')],
    },
  ],
}

const backpressure: Row = {
  title: 'Backpressure',
  panels: [
    {
      title: 'Waiting',
      unit: 'short',
      targets: [
        line(total('heliograph_waiting_calls'), 'calls that wait for an actor'),
        line(total('heliograph_stalled_sessions'), 'sessions whose link is full'),
        line(total('heliograph_derivations'), 'uploads that thumbs are made of'),
      ],
    },
    {
      title: 'Slow readers',
      unit: 'reqps',
      targets: [
        line(rate('heliograph_session_stalls_total'), 'stalls'),
        line(rate('heliograph_session_overflows_total'), 'lost queues'),
      ],
    },
    {
      title: 'CPU',
      unit: 'percentunit',
      targets: [line(rate('process_cpu_seconds_total', 'instance'), '{{instance}}')],
    },
    {
      title: 'Memory',
      unit: 'bytes',
      targets: [line(total('process_resident_memory_bytes', 'instance'), '{{instance}}')],
    },
    {
      title: 'Event loop delay (p99)',
      unit: 's',
      targets: [line('max by (instance) (nodejs_eventloop_lag_p99_seconds)', '{{instance}}')],
    },
  ],
}

/** The dashboard, from what people send down to what the machines do. */
export const rows: readonly Row[] = [traffic, latency, owners, errors, stores, connections, backpressure]
