import { describe, expect, it } from 'vitest'
import { withMissing } from './add-versions.ts'
import { type AvroRecord, bareSchema, topicSchema } from './avro-schema.ts'
import { incompatibility } from './compatibility.ts'
import { compile } from './compile.ts'
import { record, text } from './dsl.ts'
import { EmbeddedRegistry } from './embedded-registry.ts'
import { schemaVersions } from './golden/versions.ts'
import { bareRecords, topicRecords } from './record-schemas.ts'

const current = [...topicRecords.map(topicSchema), ...bareRecords.map(bareSchema)]

describe('schema versions', () => {
  it('are complete: a changed schema needs `npm run add-versions -w schemas`', () => {
    const written = new Set(schemaVersions.map((version) => version.schema))
    const missing = current.filter((schema) => !written.has(JSON.stringify(schema)))
    expect(missing.map((schema) => schema.name)).toEqual([])
  })

  it('have ids from 1 without gaps', () => {
    expect(schemaVersions.map((version) => version.id)).toEqual(schemaVersions.map((_, index) => index + 1))
  })

  it.each(schemaVersions)('$id $name reads as the newest', ({ name, schema, samples }) => {
    const written = compile(JSON.parse(schema) as object)
    const newest = current.find((candidate) => candidate.name === name)
    expect(newest && incompatibility(newest, JSON.parse(schema) as object)).toBeUndefined()
    for (const hex of samples) {
      const bytes = Buffer.from(hex, 'hex')
      expect(written.toBuffer(written.fromBuffer(bytes)).toString('hex')).toBe(hex)
      if (newest === undefined) continue
      const reader = compile(newest)
      expect(reader.isValid(reader.fromBuffer(bytes, reader.createResolver(written)))).toBe(true)
    }
    expect(samples.length).toBe(2)
  })

  it('refuse a change that older records could not be read with', () => {
    const old = { id: 1, name: 'Reply', schema: JSON.stringify(older('Reply')), samples: [] }
    expect(() => withMissing([old])).toThrow('Reply cannot read id 1')
  })

  it('are what the embedded registry knows', async () => {
    const registry = new EmbeddedRegistry()
    await expect(registry.idOf('X', older('X'))).rejects.toThrow('changed without a new version')
    expect(await registry.schemaOf(await registry.idOf(current[0]!.name, current[0]!))).toEqual(current[0])
  })
})

const older = (name: string): AvroRecord => bareSchema(record(name, { somethingElse: text }))
