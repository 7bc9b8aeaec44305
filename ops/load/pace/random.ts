/** A number in [0, 1). */
export type Random = () => number

/** The same numbers for the same seed (mulberry32): a run can be repeated. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** `count` different members of `all`, or all of them; the order is random. */
export function sampleOf<T>(all: readonly T[], count: number, random: Random): T[] {
  const left = [...all]
  const wanted = Math.min(count, left.length)
  for (let at = 0; at < wanted; at++) {
    const other = at + Math.floor(random() * (left.length - at))
    const taken = left[other] as T
    left[other] = left[at] as T
    left[at] = taken
  }
  return left.slice(0, wanted)
}
