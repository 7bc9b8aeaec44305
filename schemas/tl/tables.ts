import { downgradeRules, renamings } from './compat/downgrade.ts'
import type { Renaming } from './compat/rules.ts'
import { METHOD_TYPE, NEWEST_BIT } from './constructors.ts'
import {
  type Constructor,
  constructors,
  defaults,
  type Loose,
  layers,
  replacedTypes,
  typeNumbers,
} from './generated/codec.js'

/** How values of one name are written for one layer. */
export interface Plan {
  readonly id: number
  /** The type that this writes, as the layer knows it. */
  readonly type: number
  readonly write: Constructor['write']
  /** Takes the value to the shape of this layer's constructor, which `plan.name` or the outcome's name tells. */
  readonly convert: ((value: Loose) => Loose | undefined) | null
  readonly result: number
}

/** What one layer can express. */
export interface LayerTable {
  readonly layer: number
  /** In the newest layer a value that does not fit is a bug; in others it gets a fallback. */
  readonly strict: boolean
  readonly objects: ReadonlyMap<string, Plan>
  readonly methods: ReadonlyMap<string, Plan>
  /** The layer's own constructors, for what conversions give. */
  readonly own: ReadonlyMap<string, Constructor>
  /** By type, the bytes of the value that stands for what the layer cannot express. */
  readonly fallbacks: readonly (Buffer | undefined)[]
}

const newestConstructors = constructors.filter(({ mask, type }) => mask & NEWEST_BIT && type !== METHOD_TYPE)

const plainPlan = ({ id, type, write, result }: Constructor): Plan => ({
  id,
  type,
  write,
  convert: null,
  result,
})

type Knows = (name: string) => boolean

function conversionOf(known: Constructor, knows: Knows): Plan['convert'] {
  const { down } = known
  const rule = downgradeRules[known.name]
  if (!rule) return down
  return (value) => rule(value, down ? down(value) : value, knows)
}

function planOf(known: Constructor, knows: Knows): Plan {
  const convert = conversionOf(known, knows)
  return convert ? { ...plainPlan(known), convert } : plainPlan(known)
}

const renamedPlan = ({ as, rule }: Renaming, knows: Knows): Plan => ({
  id: 0,
  type: typeNumbers[as] ?? METHOD_TYPE,
  write: () => {},
  convert: (value) => rule(value, value, knows),
  result: METHOD_TYPE,
})

const fallbackPlan = (type: number, bytes: Buffer): Plan => ({
  id: bytes.readInt32LE(),
  type,
  write: (w) => (w as { append(bytes: Uint8Array): void }).append(bytes.subarray(4)),
  convert: null,
  result: METHOD_TYPE,
})

function missingPlan(known: Constructor, table: LayerTable, knows: Knows): Plan | undefined {
  const renaming = renamings[known.name]
  if (renaming) return renamedPlan(renaming, knows)
  const bytes = table.fallbacks[known.type]
  return bytes && replacedTypes.includes(known.type) ? fallbackPlan(known.type, bytes) : undefined
}

function fallbacksOf(bit: number): (Buffer | undefined)[] {
  return defaults.map((variants) => {
    const hex = variants.find(([mask]) => mask & bit)?.[1]
    return hex === undefined ? undefined : Buffer.from(hex, 'hex')
  })
}

function buildTable(layer: number, converting: boolean): LayerTable {
  const index = layers.indexOf(layer)
  if (index < 0) throw new RangeError(`layer ${layer} is not known: use servedLayer()`)
  const bit = 1 << index
  const objects = new Map<string, Plan>()
  const methods = new Map<string, Plan>()
  const own = new Map<string, Constructor>()
  const strict = converting && bit === NEWEST_BIT
  const table = { layer, strict, objects, methods, own, fallbacks: fallbacksOf(bit) }
  const knows = (name: string) => own.has(name)
  for (const known of constructors) {
    if (!(known.mask & bit)) continue
    const isSame = !converting || (known.mask & NEWEST_BIT) !== 0
    const plan = isSame ? plainPlan(known) : planOf(known, knows)
    if (known.type === METHOD_TYPE) methods.set(known.name, plan)
    else {
      objects.set(known.name, plan)
      own.set(known.name, known)
    }
  }
  for (const known of converting ? newestConstructors : []) {
    const plan = objects.has(known.name) ? undefined : missingPlan(known, table, knows)
    if (plan) objects.set(known.name, plan)
  }
  return table
}

function lazily(converting: boolean): (layer: number) => LayerTable {
  const tables = new Map<number, LayerTable>()
  return (layer) => {
    const made = tables.get(layer)
    if (made) return made
    const table = buildTable(layer, converting)
    tables.set(layer, table)
    return table
  }
}

/** How values of the newest layer are written for `layer`, one of `LAYERS`. */
export const tableOf = lazily(true)
/** How values that have the shape of `layer` already are written. */
export const ownTableOf = lazily(false)
