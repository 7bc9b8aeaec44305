/** Where schema ids come from. The embedded one numbers the project's own schemas; a deployment asks its registry. */
export interface SchemaRegistry {
  /** Registers (idempotently) and returns the id; rejects when the change is not BACKWARD_TRANSITIVE compatible. */
  idOf(subject: string, schema: object): Promise<number>
  /** The schema that was written under an id, or undefined. */
  schemaOf(id: number): Promise<object | undefined>
  /** All ids, where the registry is small enough to tell. */
  ids?(): readonly number[]
}

/** The registry's refusal: what was written before could not be read with this schema. */
export class IncompatibleSchema extends Error {}
