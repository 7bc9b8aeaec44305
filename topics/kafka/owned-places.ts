import type { GroupListener, Place } from './client.ts'
import { REVOKE_TIMEOUT_MS } from './limits.ts'

/** What a member of a group owns, and how it changes hands: what does not move is not touched. */
export class OwnedPlaces {
  readonly #listener: GroupListener
  readonly #owned = new Map<string, Place>()
  readonly #leaving = new Map<string, Promise<void>>()

  constructor(listener: GroupListener) {
    this.#listener = listener
  }

  /** What is owned, and what is not given up yet. */
  get places(): readonly Place[] {
    return [...this.#owned.values()]
  }

  /** Whether anything is still being given up. */
  get isSettled(): boolean {
    return this.#leaving.size === 0
  }

  /**
   * Takes what is new in the target at once, and gives up what is not in it; resolves when that is given up. What comes
   * back while it is being given up is taken when that is done and `become` is called again.
   */
  async become(target: readonly Place[]): Promise<void> {
    const wanted = new Map(target.map((place) => [nameOf(place), place]))
    for (const [name, place] of this.#owned) if (!wanted.has(name)) this.#giveUp(name, place)
    for (const [name, place] of wanted) {
      if (this.#owned.has(name)) continue
      this.#owned.set(name, place)
      this.#listener.assigned(place)
    }
    await Promise.all(this.#leaving.values())
  }

  #giveUp(name: string, place: Place): void {
    if (this.#leaving.has(name)) return
    const given = this.#revoke(place).finally(() => {
      this.#owned.delete(name)
      this.#leaving.delete(name)
    })
    this.#leaving.set(name, given)
  }

  async #revoke(place: Place): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, REVOKE_TIMEOUT_MS)
    })
    // A handler that fails to stop is fenced like one that is late.
    const stopped = this.#listener.revoked(place).catch(() => undefined)
    await Promise.race([stopped, late])
    clearTimeout(timer)
  }
}

function nameOf({ topic, partition }: Place): string {
  return `${topic}/${partition}`
}
