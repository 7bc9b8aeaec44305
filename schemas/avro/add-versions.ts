import { writeFileSync } from 'node:fs'
import { bareSchema, topicSchema } from './avro-schema.ts'
import { incompatibility } from './compatibility.ts'
import { type SchemaVersion, schemaVersions } from './golden/versions.ts'
import { bareRecords, topicRecords } from './record-schemas.ts'
import { samplesOf } from './sample.ts'

/** The versions with those that are missing added. Throws where a change could not read what was written before. */
export function withMissing(versions: readonly SchemaVersion[]): SchemaVersion[] {
  const all = [...versions]
  for (const schema of [...topicRecords.map(topicSchema), ...bareRecords.map(bareSchema)]) {
    const json = JSON.stringify(schema)
    if (all.some((version) => version.schema === json)) continue
    for (const earlier of all.filter((version) => version.name === schema.name)) {
      const reason = incompatibility(schema, JSON.parse(earlier.schema) as object)
      if (reason !== undefined) throw new Error(`${schema.name} cannot read id ${earlier.id}: ${reason}`)
    }
    const samples = samplesOf(schema).map((bytes) => bytes.toString('hex'))
    all.push({ id: all.length + 1, name: schema.name, schema: json, samples })
  }
  return all
}

/** The file as text. */
function render(versions: readonly SchemaVersion[]): string {
  return [
    '// Written by `npm run add-versions -w schemas`. Append-only: ids are in logs for ever.',
    'export interface SchemaVersion {',
    '  readonly id: number',
    '  readonly name: string',
    '  /** Avro JSON. */',
    '  readonly schema: string',
    '  /** Hex. */',
    '  readonly samples: readonly string[]',
    '}',
    'export const schemaVersions: readonly SchemaVersion[] = [',
    ...versions.map((version) => `  ${JSON.stringify(version)},`),
    ']',
    '',
  ].join('\n')
}

/** Adds what is missing to the file at `path`; returns how many. */
export function addVersions(path: string): number {
  const versions = withMissing(schemaVersions)
  writeFileSync(path, render(versions))
  return versions.length - schemaVersions.length
}
