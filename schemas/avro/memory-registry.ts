import { incompatibility } from './compatibility.ts'
import { IncompatibleSchema, type SchemaRegistry } from './registry.ts'

interface Version {
  readonly id: number
  readonly subject: string
  readonly schema: object
}

/** Numbers schemas as they come. For tests; `versions` are those that were there before. */
export class MemoryRegistry implements SchemaRegistry {
  readonly #versions: Version[]

  constructor(versions: readonly Version[] = []) {
    this.#versions = [...versions]
  }

  async idOf(subject: string, schema: object): Promise<number> {
    const earlier = this.#versions.filter((version) => version.subject === subject)
    const same = earlier.find((version) => JSON.stringify(version.schema) === JSON.stringify(schema))
    if (same !== undefined) return same.id
    for (const { schema: written } of earlier) {
      const reason = incompatibility(schema, written)
      if (reason !== undefined) throw new IncompatibleSchema(`${subject}: ${reason}`)
    }
    const id = Math.max(0, ...this.#versions.map((version) => version.id)) + 1
    this.#versions.push({ id, subject, schema })
    return id
  }

  async schemaOf(id: number): Promise<object | undefined> {
    return this.#versions.find((version) => version.id === id)?.schema
  }

  ids(): readonly number[] {
    return this.#versions.map((version) => version.id)
  }
}
