import { LogUnavailable } from '../../log.ts'
import { REQUEST_TIMEOUT_MS } from '../limits.ts'
import { type PartitionBatch, type PartitionPlace, produce } from '../wire/produce.ts'
import type { BrokerLink } from './broker-link.ts'

interface Waiting {
  readonly batch: PartitionBatch
  readonly resolve: (place: PartitionPlace) => void
  readonly reject: (error: unknown) => void
}

/**
 * Batches on their way to one broker: while one request is in flight, the others gather for the next. (A broker handles one
 * produce request of a connection at a time, so more of them in flight would only make them smaller.)
 */
export class ProduceLane {
  readonly #link: BrokerLink
  #waiting: Waiting[] = []
  #busy = false

  constructor(link: BrokerLink) {
    this.#link = link
  }

  /** The broker's answer; rejects with `LogUnavailable` where there is none. At most one batch of a partition at a time. */
  submit(batch: PartitionBatch): Promise<PartitionPlace> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject })
      if (this.#busy) return
      this.#busy = true
      queueMicrotask(() => void this.#run())
    })
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const sent = this.#waiting
      this.#waiting = []
      try {
        const places = await this.#link.call(
          produce,
          REQUEST_TIMEOUT_MS,
          sent.map(({ batch }) => batch),
        )
        for (const waiting of sent) settle(waiting, places)
      } catch (error) {
        for (const { reject } of sent) reject(error)
      }
    }
    this.#busy = false
  }
}

function settle({ batch, resolve, reject }: Waiting, places: readonly PartitionPlace[]): void {
  const place = places.find(({ topic, partition }) => topic === batch.topic && partition === batch.partition)
  if (place === undefined) reject(new LogUnavailable(`no answer for ${batch.topic}/${batch.partition}`))
  else resolve(place)
}
