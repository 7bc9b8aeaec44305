import { type SchemaVersion, schemaVersions } from './golden/versions.ts'
import { IncompatibleSchema, type SchemaRegistry } from './registry.ts'

/**
 * The registry without a server: every schema version ever written, with its id, is a committed file
 * (`golden/versions.ts`). A schema that is not in it is refused; `npm run add-versions -w schemas` adds it.
 */
export class EmbeddedRegistry implements SchemaRegistry {
  readonly #byId = new Map<number, object>()
  readonly #idBySchema = new Map<string, number>()

  constructor(versions: readonly SchemaVersion[] = schemaVersions) {
    for (const { id, schema } of versions) {
      this.#byId.set(id, JSON.parse(schema) as object)
      this.#idBySchema.set(schema, id)
    }
  }

  async idOf(subject: string, schema: object): Promise<number> {
    const id = this.#idBySchema.get(JSON.stringify(schema))
    if (id === undefined) throw new IncompatibleSchema(`${subject} has changed without a new version`)
    return id
  }

  async schemaOf(id: number): Promise<object | undefined> {
    return this.#byId.get(id)
  }

  ids(): readonly number[] {
    return [...this.#byId.keys()]
  }
}
