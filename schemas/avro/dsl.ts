/**
 * Avro schemas as TypeScript values, so that the wire schema and the static type have one source. `record` gives the
 * schema; `RecordOf` gives the type of a decoded record, with the record's name as its discriminator `type`.
 */

/** A schema of one Avro value whose JavaScript type is T. */
export interface Field<T> {
  readonly avro: unknown
  /** Never set: carries the type. */
  readonly value?: T
  /** Given to readers of records that were written before the field existed; makes the field addable later. */
  readonly default?: unknown
}

type FieldValue<F> = F extends Field<infer T> ? T : never
export type Fields = Readonly<Record<string, Field<unknown>>>
export type ValueOf<F extends Fields> = { -readonly [K in keyof F]: FieldValue<F[K]> }

export interface RecordSchema<N extends string = string, F extends Fields = Fields> {
  readonly name: N
  readonly fields: F
}

export type RecordOf<S> = S extends RecordSchema<infer N, infer F> ? { readonly type: N } & ValueOf<F> : never

export const text: Field<string> = { avro: 'string' }
export const int: Field<number> = { avro: 'int' }
/** A whole number within ±2^53. */
export const long: Field<number> = { avro: 'long' }
/** A full 64-bit number, 8 bytes little endian. */
export const int64: Field<bigint> = { avro: { type: 'fixed', size: 8, name: 'Int64', logicalType: 'int64' } }
export const bool: Field<boolean> = { avro: 'boolean' }
export const bytes: Field<Buffer> = { avro: 'bytes' }

/** Narrows a field's static type (a brand); the wire is unchanged. */
export function as<T>(field: Field<unknown>): Field<T> {
  return field as Field<T>
}

/** `null` on the wire and in JavaScript when absent. Reads as null from records that lack it. */
export function optional<T>(field: Field<T>): Field<T | null> {
  return { avro: ['null', field.avro], default: null }
}

export function list<T>(field: Field<T>): Field<T[]> {
  return { avro: { type: 'array', items: field.avro } }
}

/** A record inside a record; `name` must be unique among all schemas or always stand for the same fields. */
export function nested<F extends Fields>(name: string, fields: F): Field<ValueOf<F>> {
  return { avro: { type: 'record', name, fields: avroFields(fields) } }
}

/** Adds a default, so that the field may be added to a schema that has records already. */
export function withDefault<T>(field: Field<T>, value: T): Field<T> {
  return { ...field, default: value }
}

export function record<N extends string, F extends Fields>(name: N, fields: F): RecordSchema<N, F> {
  return { name, fields }
}

export function avroFields(fields: Fields): unknown[] {
  return Object.entries(fields).map(([name, field]) =>
    field.default === undefined
      ? { name, type: field.avro }
      : { name, type: field.avro, default: field.default },
  )
}
