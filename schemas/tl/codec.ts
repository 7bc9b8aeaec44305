import { resultRules } from './compat/results.ts'
import type { Loose } from './compat/rules.ts'
import { results } from './generated/codec.js'
import { NEWEST_LAYER } from './layers.ts'
import { TlReader } from './reader.ts'
import { ownTableOf, tableOf } from './tables.ts'
import type { AnyCall, AnyObject, MethodName, MtObject } from './types.ts'
import { TlWriter } from './writer.ts'

const INITIAL_BYTES = 64 << 10
const KEPT_BYTES = 1 << 20
/** The longest vector in a request: no client needs more, and each element may cost a look-up. */
export const MAX_CALL_VECTOR_LENGTH = 10_000
const CALL_LIMITS = { upgrade: true, maxVectorLength: MAX_CALL_VECTOR_LENGTH }

let shared = new TlWriter(INITIAL_BYTES)

/** The bytes that `write` writes, by a writer that all calls share. */
function written(layer: number, write: (w: TlWriter) => void): Buffer {
  const writer = shared.reset().using(tableOf(layer))
  write(writer)
  const bytes = writer.copy()
  if (bytes.length > KEPT_BYTES) shared = new TlWriter(INITIAL_BYTES)
  return bytes
}

/**
 * A request of any known layer, in the newest layer's shape.
 * @throws TlDecodeError for anything else
 */
export function decodeCall(bytes: Uint8Array): AnyCall {
  const reader = new TlReader(bytes, CALL_LIMITS)
  const call = reader.call()
  reader.end()
  return call as unknown as AnyCall
}

/**
 * An object or MTProto message of any known layer, in that layer's own shape.
 * @throws TlDecodeError for anything else
 */
export function decodeObject(bytes: Uint8Array): AnyObject | MtObject {
  const reader = new TlReader(bytes)
  const value = reader.object()
  reader.end()
  return value as AnyObject | MtObject
}

/** The bytes of a newest-layer value, written for `layer` (one of `LAYERS`). */
export function encodeObject(value: AnyObject | MtObject, layer: number = NEWEST_LAYER): Buffer {
  return written(layer, (w) => w.object(value))
}

/** The bytes of a call, as a client of `layer` sends it. */
export function encodeCall(call: AnyCall | MtObject, layer: number = NEWEST_LAYER): Buffer {
  return written(layer, (w) => w.call(call as unknown as Loose))
}

/** The bytes of a value that has the shape of `layer` already: what a program of that layer would send. */
export function encodeOwn(value: Loose, layer: number): Buffer {
  const writer = new TlWriter(INITIAL_BYTES, ownTableOf(layer))
  writer.object(value)
  return writer.copy()
}

const newestResult = (method: string) => tableOf(NEWEST_LAYER).methods.get(method)?.result

function resultCodec(method: string, layer: number) {
  const number = tableOf(layer).methods.get(method)?.result ?? newestResult(method)
  if (number === undefined) throw new TypeError(`no method ${method}`)
  return { number, codec: results[number]! }
}

/** Writes the answer to `method`, a value of the newest layer, for a client of `layer`: see {@link encodeResult}. */
export function writeResult(writer: TlWriter, method: MethodName, value: unknown, layer: number): void {
  writer.using(tableOf(layer))
  const { number, codec } = resultCodec(method, layer)
  const rule = number === newestResult(method) ? undefined : resultRules[method]
  codec.write(writer, rule ? rule(value as Loose) : value)
}

/** The bytes of the answer to `method`, a value of the newest layer, for a client of `layer` (one of `LAYERS`). */
export function encodeResult(method: MethodName, value: unknown, layer: number): Buffer {
  return written(layer, (w) => writeResult(w, method, value, layer))
}

/**
 * The answer to `method` as a client of `layer` reads it, in that layer's own shape.
 * @throws TlDecodeError for bytes that are no such answer
 */
export function decodeResult(method: MethodName, bytes: Uint8Array, layer: number = NEWEST_LAYER): unknown {
  const reader = new TlReader(bytes)
  const value = resultCodec(method, layer).codec.read(reader)
  reader.end()
  return value
}
