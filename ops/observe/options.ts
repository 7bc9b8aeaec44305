import { z } from 'zod'
import { hostPort } from '../start/options/types.ts'
import type { TraceOptions } from './trace/tracing.ts'

const DEFAULT_RATIO = 0.01

/** What every role may be told of watching it. */
export const OBSERVE_FIELDS = {
  metrics: {
    value: '<host:port>',
    description: 'address for /metrics, /healthz and /readyz; not served unless given',
    type: hostPort.optional(),
  },
  traceEndpoint: {
    value: '<url>',
    description:
      'where traces go (OTLP over HTTP), such as http://127.0.0.1:4318/v1/traces; none unless given',
    type: z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }).optional(),
  },
  traceRatio: {
    value: '<share>',
    description: `share of the calls that are traced, 0 to 1; ${DEFAULT_RATIO} unless given`,
    type: z.coerce.number().min(0).max(1).default(DEFAULT_RATIO),
  },
} as const

/** The options as `startObserving` takes them. */
export function traceOptions(options: {
  readonly traceEndpoint?: string | undefined
  readonly traceRatio: number
}): TraceOptions | undefined {
  const { traceEndpoint: endpoint, traceRatio: ratio } = options
  return endpoint === undefined ? undefined : { endpoint, ratio }
}
