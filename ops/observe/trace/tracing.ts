import type { Span, Tracer } from '@heliograph/topics'
import {
  type Context,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node'
import { spanContextOf, traceparentOf } from './traceparent.ts'

export interface TraceOptions {
  /** Where spans go (OTLP over HTTP), such as `http://127.0.0.1:4318/v1/traces`. */
  readonly endpoint: string
  /** Share of the calls that are traced, 0 to 1. */
  readonly ratio: number
  /** In place of the endpoint, for tests. */
  readonly exporter?: SpanExporter
}
export interface Tracing {
  readonly tracer: Tracer
  /** Sends what is left. */
  close(): Promise<void>
}

const NAME = 'heliograph'
/** Spans that wait to be sent; more are lost. */
const MAX_QUEUED_SPANS = 8192
const MAX_SENT_SPANS = 512
const SEND_EVERY_MS = 1_000

/** Traces with OpenTelemetry. Spans have names and error codes, and nothing of what was said by whom. */
export function startTracing({ endpoint, ratio, exporter }: TraceOptions): Tracing {
  const processor = new BatchSpanProcessor(exporter ?? new OTLPTraceExporter({ url: endpoint }), {
    maxQueueSize: MAX_QUEUED_SPANS,
    maxExportBatchSize: MAX_SENT_SPANS,
    scheduledDelayMillis: SEND_EVERY_MS,
  })
  const provider = new NodeTracerProvider({ spanProcessors: [processor] })
  return {
    tracer: new SampledTracer(provider.getTracer(NAME), ratio),
    close: () => provider.shutdown(),
  }
}

class SampledTracer implements Tracer {
  readonly #tracer: OtelTracer
  readonly #ratio: number

  constructor(tracer: OtelTracer, ratio: number) {
    this.#tracer = tracer
    this.#ratio = ratio
  }

  /** Decided here, once for the whole trace, so that nothing is spent on calls that are not traced. */
  begin(name: string): Span | undefined {
    return Math.random() < this.#ratio ? this.#start(name, ROOT_CONTEXT) : undefined
  }

  follow(context: string, name: string): Span {
    const parent = spanContextOf(context)
    // Of another version or damaged: it is handed on as it is, and nothing is written down.
    if (parent === undefined) return { context, end() {} }
    return this.#start(name, trace.setSpanContext(ROOT_CONTEXT, parent))
  }

  #start(name: string, parent: Context): Span {
    const span = this.#tracer.startSpan(name, {}, parent)
    return {
      context: traceparentOf(span.spanContext()),
      end(code = 0) {
        if (code !== 0) span.setStatus({ code: SpanStatusCode.ERROR, message: String(code) })
        span.end()
      },
    }
  }
}
