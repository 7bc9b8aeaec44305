import { readFileSync } from 'node:fs'
import { LAYERS } from '../layers.ts'

/** The merged schema that the codec was generated from, for tests that go over all of it. */
export interface FieldType {
  readonly k: string
  readonly type?: string
  readonly name?: string
  readonly bare?: boolean
  readonly of?: FieldType
}

export interface SchemaField {
  readonly name: string
  readonly type: FieldType
  readonly flag: readonly [flags: string, bit: number] | null
}

export interface SchemaEntry {
  readonly id: number
  readonly name: string
  readonly kind: 'class' | 'method'
  readonly type: FieldType
  readonly fields: readonly SchemaField[]
  readonly mask: number
  readonly mtproto: boolean
}

const file = new URL('../generated/schema.json', import.meta.url)
export const schema: readonly SchemaEntry[] = JSON.parse(readFileSync(file, 'utf8'))

/** The constructors and methods of one layer, MTProto's own included. */
export function entriesOf(layer: number): readonly SchemaEntry[] {
  const bit = 1 << LAYERS.indexOf(layer)
  return schema.filter((entry) => entry.mask & bit)
}

/** A field's name in values. */
export const camel = (name: string): string =>
  name.replace(/_([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase())
