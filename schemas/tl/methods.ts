import { METHOD_TYPE, NEWEST_BIT } from './constructors.ts'
import { constructors } from './generated/codec.js'
import type { MethodName } from './types.ts'

/** Methods that belong to MTProto's key exchange, though the schemas list them. */
const KEY_EXCHANGE: ReadonlySet<string> = new Set(['req_pq'])

/** Every method of the newest layer's API, in alphabetical order. */
export function newestMethods(): MethodName[] {
  const isNewest = (mask: number) => (mask & NEWEST_BIT) !== 0
  const methods = constructors.filter(({ type, mask, name }) => {
    return type === METHOD_TYPE && isNewest(mask) && !KEY_EXCHANGE.has(name)
  })
  return methods.map(({ name }) => name as MethodName).sort()
}
