import { z } from 'zod'
import type { OptionsOf } from './fields.ts'
import { hostPort } from './types.ts'

/** What a process tells of itself; nothing unless asked to. */
export const OBSERVE_FIELDS = {
  metrics: {
    value: '<host:port>',
    description: 'serve /metrics (Prometheus), /healthz and /readyz there; port 0 picks a free one',
    type: hostPort.optional(),
  },
  traceEndpoint: {
    value: '<url>',
    description: 'send traces there (OpenTelemetry, OTLP over HTTP), such as http://127.0.0.1:4318/v1/traces',
    type: z.url('expected a URL, such as http://127.0.0.1:4318/v1/traces').optional(),
  },
  traceRatio: {
    value: '<share>',
    description: 'share of the calls that are traced, 0 to 1',
    type: z.coerce.number().min(0).max(1).default(0.01),
  },
} as const

export type ObserveOptions = OptionsOf<typeof OBSERVE_FIELDS>
