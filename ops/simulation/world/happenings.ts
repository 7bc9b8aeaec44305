import type { Life } from './life.ts'

/** Something that happens at an instant to somebody, or (without an owner) to the stores and the network. */
export interface Happening {
  /** Milliseconds of the world's own time, with fractions. */
  atMs: number
  /** Orders what happens at one instant. */
  order: number
  readonly owner: Life | undefined
  readonly act: () => void
  cancelled: boolean
}

/** What is still to happen, the next first: a binary heap. */
export class Happenings {
  readonly #heap: Happening[] = []

  get size(): number {
    return this.#heap.length
  }

  get next(): Happening | undefined {
    return this.#heap[0]
  }

  add(happening: Happening): void {
    const heap = this.#heap
    let at = heap.push(happening) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(happening, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = happening
  }

  take(): Happening | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first !== undefined && last !== undefined && heap.length > 0) this.#sink(last)
    return first
  }

  #sink(happening: Happening): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, happening)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = happening
  }
}

const isBefore = (a: Happening, b: Happening): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
