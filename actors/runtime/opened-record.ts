import { type RecordHeader, UnknownSchema } from '@heliograph/schemas/avro'
import type { StoredRecord } from '@heliograph/topics'
import type { TypedRecord } from './decider.ts'
import type { Codec } from './ports.ts'

/** A record as far as it could be read. Where `error` is set it is poison: the other two may be missing. */
export interface OpenedRecord {
  readonly stored: StoredRecord
  readonly header: RecordHeader | undefined
  readonly record: TypedRecord | undefined
  readonly error: unknown
}

/** Decodes records; waits only where a schema has to be fetched first. Never rejects for what a record holds. */
export function openRecords(
  codec: Codec,
  records: readonly StoredRecord[],
): OpenedRecord[] | Promise<OpenedRecord[]> {
  const opened = records.map((stored) => open(codec, stored))
  return opened.some(({ error }) => error instanceof UnknownSchema) ? openUnknown(codec, opened) : opened
}

function open(codec: Codec, stored: StoredRecord): OpenedRecord {
  try {
    const { header, record } = codec.decode(stored.value)
    return { stored, header, record, error: undefined }
  } catch (error) {
    return { stored, header: undefined, record: undefined, error }
  }
}

async function openUnknown(codec: Codec, opened: OpenedRecord[]): Promise<OpenedRecord[]> {
  for (let i = 0; i < opened.length; i++) {
    const { error, stored } = opened[i] as OpenedRecord
    if (!(error instanceof UnknownSchema)) continue
    await codec.prepare?.(error.id)
    opened[i] = open(codec, stored)
  }
  return opened
}
