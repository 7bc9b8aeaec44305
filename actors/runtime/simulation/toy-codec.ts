import { deserialize, serialize } from 'node:v8'
import type { RecordHeader } from '@heliograph/schemas/avro'
import type { TypedRecord } from '../decider.ts'
import type { Codec } from '../ports.ts'

/** Records of any shape, so that toy actors need no schemas. */
export const toyCodec: Codec = {
  encode: (header, record) => serialize([header, record]),
  decode: (value) => {
    const [header, record] = deserialize(value) as [RecordHeader, TypedRecord]
    return { header, record }
  },
  encodeBare: (record) => serialize(record),
}

export const decodeBare = (payload: Buffer): TypedRecord => deserialize(payload) as TypedRecord
