import type { Random } from './random.ts'

/** Draws indices with these weights. */
export function weightedPicker(weights: readonly number[], random: Random): () => number {
  const upTo: number[] = []
  let total = 0
  for (const weight of weights) {
    total += weight
    upTo.push(total)
  }
  if (!(total > 0)) throw new RangeError('nothing to choose from')
  return () => firstAbove(upTo, random() * total)
}

/** Draws ranks from 0: rank k is (k + 1)^-exponent as likely as rank 0, as chats are (Zipf's law). */
export function zipfPicker(count: number, exponent: number, random: Random): () => number {
  return weightedPicker(
    Array.from({ length: count }, (_, rank) => (rank + 1) ** -exponent),
    random,
  )
}

function firstAbove(upTo: readonly number[], value: number): number {
  let low = 0
  let high = upTo.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((upTo[middle] as number) > value) high = middle
    else low = middle + 1
  }
  return low
}
