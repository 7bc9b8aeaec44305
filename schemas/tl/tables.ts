import { downgradeRules, renamings } from './compat/downgrade.ts'
import type { Renaming, Rule } from './compat/rules.ts'
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

function conversionOf(known: Constructor, rule: Rule | undefined): Plan['convert'] {
  const { down } = known
  if (!rule) return down
  return (value) => rule(value, down ? down(value) : value)
}

function planOf(known: Constructor, isNewest: boolean): Plan {
  const plan = plainPlan(known)
  if (isNewest) return plan
  const convert = conversionOf(known, downgradeRules[known.name])
  return convert ? { ...plan, convert } : plan
}

const renamedPlan = ({ as, rule }: Renaming): Plan => ({
  id: 0,
  type: typeNumbers[as] ?? METHOD_TYPE,
  write: () => {},
  convert: (value) => rule(value, value),
  result: METHOD_TYPE,
})

const fallbackPlan = (type: number, bytes: Buffer): Plan => ({
  id: bytes.readInt32LE(),
  type,
  write: (w) => (w as { append(bytes: Uint8Array): void }).append(bytes.subarray(4)),
  convert: null,
  result: METHOD_TYPE,
})

function missingPlan(known: Constructor, fallbacks: LayerTable['fallbacks']): Plan | undefined {
  const renaming = renamings[known.name]
  if (renaming) return renamedPlan(renaming)
  const bytes = fallbacks[known.type]
  return bytes && replacedTypes.includes(known.type) ? fallbackPlan(known.type, bytes) : undefined
}

function buildTable(layer: number, converting: boolean): LayerTable {
  const index = layers.indexOf(layer)
  if (index < 0) throw new RangeError(`layer ${layer} is not known: use servedLayer()`)
  const bit = 1 << index
  const isNewest = bit === NEWEST_BIT
  const objects = new Map<string, Plan>()
  const methods = new Map<string, Plan>()
  const own = new Map<string, Constructor>()
  const fallbacks = defaults.map((variants) => {
    const hex = variants.find(([mask]) => mask & bit)?.[1]
    return hex === undefined ? undefined : Buffer.from(hex, 'hex')
  })
  for (const known of constructors) {
    if (!(known.mask & bit)) continue
    const isSame = isNewest || !converting || (known.mask & NEWEST_BIT) !== 0
    const into = known.type === METHOD_TYPE ? methods : objects
    into.set(known.name, planOf(known, isSame))
    if (known.type !== METHOD_TYPE) own.set(known.name, known)
  }
  for (const known of converting ? newestConstructors : []) {
    const plan = objects.has(known.name) ? undefined : missingPlan(known, fallbacks)
    if (plan) objects.set(known.name, plan)
  }
  return { layer, strict: isNewest && converting, objects, methods, own, fallbacks }
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
