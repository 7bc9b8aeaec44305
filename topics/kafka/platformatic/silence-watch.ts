/** A connection as it is watched. */
export interface WatchedLink {
  /** Of the broker that it leads to. */
  readonly address: string
  /** How long its oldest request has waited for an answer; 0 where none does. */
  silentMs(): number
  /** Ends it at once, so that what waits fails and is sent elsewhere. */
  hangUp(): void
}
export interface Brokers {
  /** All connections. */
  links(): Iterable<WatchedLink>
  /** Asked at others than these from now on, where it can be. */
  doubt(addresses: ReadonlySet<string>): void
  /** Addresses of the brokers that the cluster counts on now. Rejects where nobody can be asked. */
  inService(): Promise<ReadonlySet<string>>
}

/** Longer than a broker holds a fetch for which it has nothing, and than it is busy as a rule. */
export const MAX_SILENCE_MS = 1_500

/**
 * Notices brokers that hang, as a stopped machine does. Their connections stay open, and a request would be given up after seconds only;
 * but the others know within the broker's session that it is gone, and who leads in its place.
 */
export class SilenceWatch {
  readonly #brokers: Brokers
  /** Addresses that have been in service; another one may be a name for the same broker. */
  readonly #known = new Set<string>()
  #isChecking = false

  constructor(brokers: Brokers) {
    this.#brokers = brokers
  }

  /** Hangs up on brokers that keep silent and are out of service. To be called every second or so. */
  async check(): Promise<void> {
    const silent = [...this.#brokers.links()].filter((link) => link.silentMs() > MAX_SILENCE_MS)
    if (silent.length === 0 || this.#isChecking) return
    this.#isChecking = true
    try {
      this.#brokers.doubt(new Set(silent.map(({ address }) => address)))
      const inService = await this.#brokers.inService()
      const isOut = ({ address }: WatchedLink) => this.#known.has(address) && !inService.has(address)
      for (const link of silent) if (isOut(link) && link.silentMs() > MAX_SILENCE_MS) link.hangUp()
    } catch {
      // Nobody can be asked: each request is given up in its own time.
    } finally {
      this.#isChecking = false
    }
  }

  /** These are in service, as somebody has just been told. */
  learn(addresses: Iterable<string>): void {
    for (const address of addresses) this.#known.add(address)
  }
}
