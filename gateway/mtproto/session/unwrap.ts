import { type AnyCall, decodeCall, TlReader } from '@heliograph/schemas/tl'
import type { ClientInfo } from '../ports.ts'

/** What `initConnection` itself says. */
export type ClientWords = Omit<ClientInfo, 'address'>

/** A call without its wrappers (core.telegram.org/api/invoking), and what they said. */
export interface Unwrapped {
  readonly query: AnyCall
  layer: number | undefined
  client: ClientWords | undefined
  /** Messages that must have succeeded before. */
  after: readonly bigint[]
  withoutUpdates: boolean
  /** Of `invokeWithTakeout`. */
  takeoutId: bigint | undefined
}

const MOST_WRAPPERS = 32
/** What a wrapped, compressed query may expand to: in proportion to the message, so that a container of them stays bounded. */
const INFLATED_BASE_BYTES = 64 * 1024
const INFLATED_FACTOR = 32

/**
 * Reads a request of any layer and takes its wrappers off, in whatever nesting.
 * @throws TlDecodeError for bytes that are no call
 */
export function readCall(body: Buffer): Unwrapped {
  const call = isWrapper(body.readUInt32LE(0)) ? readWrapped(body) : decodeCall(body)
  return unwrap(call)
}

function readWrapped(body: Buffer): AnyCall {
  const maxInflatedBytes = INFLATED_BASE_BYTES + INFLATED_FACTOR * body.length
  const reader = new TlReader(body, { upgrade: true, maxInflatedBytes })
  const call = reader.call()
  reader.end()
  return call as unknown as AnyCall
}

/** Takes the wrappers off a call that has been read. */
export function unwrap(call: AnyCall): Unwrapped {
  const found: Omit<Unwrapped, 'query'> = {
    layer: undefined,
    client: undefined,
    after: [],
    withoutUpdates: false,
    takeoutId: undefined,
  }
  let query = call
  for (let i = 0; i < MOST_WRAPPERS; i++) {
    const inner = takeOff(query, found)
    if (!inner) break
    query = inner
  }
  return Object.assign(found, { query })
}

/** The query inside one wrapper; undefined when the call is none. */
function takeOff(call: AnyCall, found: Omit<Unwrapped, 'query'>): AnyCall | undefined {
  switch (call._) {
    case 'invokeWithLayer':
      found.layer ??= call.layer
      return call.query
    case 'initConnection':
      found.client ??= clientOf(call)
      return call.query
    case 'invokeAfterMsg':
      found.after = [...found.after, call.msgId]
      return call.query
    case 'invokeAfterMsgs':
      found.after = [...found.after, ...call.msgIds]
      return call.query
    case 'invokeWithoutUpdates':
      found.withoutUpdates = true
      return call.query
    case 'invokeWithTakeout':
      found.takeoutId ??= call.takeoutId
      return call.query
    case 'invokeWithMessagesRange':
    case 'invokeWithBusinessConnection':
    case 'invokeWithGooglePlayIntegrity':
    case 'invokeWithApnsSecret':
    case 'invokeWithReCaptcha':
      return call.query
    default:
      return undefined
  }
}

function clientOf(call: ClientWords): ClientWords {
  const { apiId, deviceModel, systemVersion, appVersion, systemLangCode, langPack, langCode } = call
  return { apiId, deviceModel, systemVersion, appVersion, systemLangCode, langPack, langCode }
}

/** Constructor ids of the wrappers, the same in all known layers. */
const WRAPPERS = new Set([
  0xcb9f372d, 0x3dc4b4f0, 0xc1cd5ea9, 0xda9b0d0d, 0xbf9459b7, 0x365275f2, 0xaca9fd2e, 0xdd289f8e, 0x1df92984,
  0x0dae54f8, 0xadbb0f94,
])

function isWrapper(constructorId: number): boolean {
  return WRAPPERS.has(constructorId)
}
