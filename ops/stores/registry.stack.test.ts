import { randomUUID } from 'node:crypto'
import { type AnyRecord, EmbeddedRegistry, IncompatibleSchema, RecordCodec } from '@heliograph/schemas/avro'
import { schemaVersions } from '@heliograph/schemas/golden'
import { ConfluentRegistry } from '@heliograph/schemas/registry'
import { afterEach, expect, it } from 'vitest'
import { readStack } from '../stack/endpoints.ts'

const { registry: url } = await readStack(process.env.HELIOGRAPH_STACK ?? '')
const subjectPrefix = `test-${randomUUID()}.`
const open = () => new ConfluentRegistry({ url, subjectPrefix })

afterEach(async () => {
  const subjects = (await (await fetch(`${url}/subjects`)).json()) as string[]
  for (const subject of subjects.filter((name) => name.startsWith(subjectPrefix)))
    await fetch(`${url}/subjects/${subject}`, { method: 'DELETE' })
})

const schema = (...fields: object[]) => ({ type: 'record', name: 'Sample', fields })
const a = { name: 'a', type: 'long' }
const b = { name: 'b', type: 'string', default: '' }

it('gives every process the same ids, and the schemas of them', async () => {
  const [first, second] = [open(), open()]
  const ids = await Promise.all([first.idOf('Sample', schema(a)), second.idOf('Sample', schema(a))])
  expect(ids[1]).toBe(ids[0])
  const later = await second.idOf('Sample', schema(a, b))
  expect(later).not.toBe(ids[0])
  const third = open()
  expect(await third.schemaOf(ids[0]!)).toEqual(schema(a))
  expect(await third.idOf('Sample', schema(a, b))).toBe(later)
  expect([...third.ids()].sort()).toEqual([ids[0], later].sort())
  expect(await third.schemaOf(2_000_000_000)).toBeUndefined()
})

it('refuses what could not read every earlier version', async () => {
  const registry = open()
  await registry.idOf('Sample', schema(a))
  await registry.idOf('Sample', schema(a, b))
  const changed = schema({ ...a, type: 'string' }, b)
  await expect(registry.idOf('Sample', changed)).rejects.toThrow(IncompatibleSchema)
  await expect(registry.idOf('Sample', changed)).rejects.toThrow(/^test-\S+\.Sample: .*STRING.*LONG/)
})

it('carries a codec that writes and reads all records, in topics and bare', async () => {
  const [writer, reader] = await Promise.all([RecordCodec.create(open()), RecordCodec.create(open())])
  const embedded = await RecordCodec.create(new EmbeddedRegistry())
  const newest = new Map(schemaVersions.map((version) => [version.name, version]))
  let [topics, bare] = [0, 0]
  for (const { id, name, samples } of newest.values())
    for (const sample of samples) {
      const body = Buffer.from(sample, 'hex')
      const isTopic = (JSON.parse(newest.get(name)!.schema) as Schema).fields[0]?.name === 'header'
      const bytes = Buffer.concat([isTopic ? Buffer.of(0) : Buffer.alloc(0), bigEndian(id), body])
      if (isTopic) {
        const decoded = embedded.decode<AnyRecord>(bytes)
        expect(reader.decode(writer.encode(decoded.header, decoded.record))).toEqual(decoded)
        topics++
      } else {
        const record = embedded.decodeBare<AnyRecord>(bytes)
        expect(reader.decodeBare(writer.encodeBare(record))).toEqual(record)
        bare++
      }
    }
  expect(topics).toBeGreaterThan(20)
  expect(bare).toBeGreaterThan(5)
})

interface Schema {
  readonly fields: readonly { readonly name: string }[]
}

function bigEndian(id: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(id)
  return bytes
}
