import type { Position, RecordHeader } from '@heliograph/schemas/avro'
import { jsonOf } from '../open.ts'
import type { Inspected } from './records.ts'

/** A record for a person: where and when, whence, and its fields. */
export function textOf(inspected: Inspected): string[] {
  const { topic, partition, offset, timestampMs, key, record, header, error, bytes } = inspected
  const what = record === undefined ? `${bytes} bytes (${error})` : record.type
  return [
    `${topic} ${partition}:${offset}  ${new Date(timestampMs).toISOString()}  ${key}  ${what}`,
    ...(header === undefined ? [] : [`  ${headerText(header)}`]),
    ...Object.entries(record ?? {})
      .filter(([name]) => name !== 'type')
      .map(([name, value]) => `  ${name}: ${valueText(value)}`),
  ]
}

/** The same as one JSON object. */
export function jsonLine(inspected: Inspected): string {
  return jsonOf(inspected)
}

function headerText({ cause, epoch, reply, trace }: RecordHeader): string {
  const parts = [
    cause === null ? 'from a gateway' : `follows from ${positionText(cause)}`,
    `epoch ${epoch}`,
    ...(reply === null ? [] : [`answers request ${reply.request} of ${reply.gateway}`]),
    ...(trace ? [`trace ${trace}`] : []),
  ]
  return parts.join(', ')
}

const positionText = ({ topic, partition, offset, index }: Position) =>
  `${topic} ${partition}:${offset} #${index}`

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : jsonOf(value)
}
