import { createHash } from 'node:crypto'
import { idsHash } from '../hash.ts'
import { CUSTOM } from './known.ts'

const HALF_BITS = 32n
const HALF = 0xffff_ffffn

/**
 * The hash of a list of reactions, as clients make it of what they have kept: two numbers for each, of a custom emoji the halves of its
 * id, of any other 0 and the first four bytes of its MD5, big-endian and signed.
 * @param names reactions as they are kept (`knownReaction`)
 */
export const reactionsHash = (names: readonly string[]): bigint => idsHash(names.flatMap(numbersOf))

function numbersOf(name: string): bigint[] {
  if (name.startsWith(CUSTOM)) {
    const id = BigInt.asUintN(64, BigInt(name.slice(CUSTOM.length)))
    return [id >> HALF_BITS, id & HALF]
  }
  return [0n, BigInt(createHash('md5').update(name).digest().readInt32BE())]
}
