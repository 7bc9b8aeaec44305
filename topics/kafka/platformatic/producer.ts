import { initProducerIdV5 } from '@platformatic/kafka'
import { type LogRecord, LogUnavailable, type Offset } from '../../log.ts'
import type { Place } from '../client.ts'
import { Backoff } from '../retry.ts'
import type { Compression } from '../wire/compression.ts'
import type { PartitionPlace } from '../wire/produce.ts'
import { encodeBatch, type ProducerIdentity } from '../wire/record-batch.ts'
import type { BrokerLink } from './broker-link.ts'
import type { Cluster } from './cluster.ts'
import { Code, failure, isTransient } from './errors.ts'
import { ProduceLane } from './produce-lane.ts'

/** What the broker counts for this producer in one partition. */
interface Sequence {
  identity: ProducerIdentity | undefined
  next: number
}

const SEQUENCES = 2 ** 31
const NO_TRANSACTION_TIMEOUT_MS = 60_000

/**
 * Appends batches, idempotently: a repeated batch carries the same producer and sequence, so that the broker drops what it
 * already has. Where it stays unknown whether a batch was appended, the partition goes on under a new producer.
 */
export class Producer {
  readonly #cluster: Cluster
  readonly #compression: Compression
  readonly #timeoutMs: number
  readonly #sequences = new Map<string, Sequence>()
  readonly #lanes = new Map<BrokerLink, ProduceLane>()
  #identity: Promise<ProducerIdentity> | undefined

  constructor(cluster: Cluster, compression: Compression, timeoutMs: number) {
    this.#cluster = cluster
    this.#compression = compression
    this.#timeoutMs = timeoutMs
  }

  /** As `KafkaClient.produce`. */
  async produce(place: Place, records: readonly LogRecord[]): Promise<Offset> {
    const attempt = new Attempt(this.#timeoutMs)
    const sequence = this.#sequence(place)
    for (;;) {
      const answer = await this.#once(place, records, sequence, attempt)
      if (answer === undefined) {
        if (attempt.isLate()) throw this.#giveUp(place, sequence, attempt)
        this.#cluster.forget(place.topic)
        await attempt.backoff.pause()
      } else if (answer.error === Code.none) {
        sequence.next = (sequence.next + records.length) % SEQUENCES
        return answer.offset as Offset
      } else if (isForgotten(answer.error) && !attempt.mayStand) {
        this.#renew(sequence)
        attempt.batch = undefined
        if (attempt.isLate()) throw this.#giveUp(place, sequence, attempt)
      } else {
        throw this.#refused(place, sequence, attempt, answer.error)
      }
    }
  }

  /** Undefined where it can be tried again. */
  async #once(
    place: Place,
    records: readonly LogRecord[],
    sequence: Sequence,
    attempt: Attempt,
  ): Promise<PartitionPlace | undefined> {
    try {
      const leader = this.#cluster.knownLeader(place) ?? (await this.#cluster.leader(place))
      const identity = sequence.identity ?? (await this.#identify(sequence))
      attempt.batch ??= encodeBatch(records, identity, sequence.next, this.#compression)
      const sent = this.#lane(leader).submit({ ...place, batch: attempt.batch })
      const answer = await this.#answer(sent, attempt)
      if (!isTransient(answer.error)) return answer
      if (answer.error === Code.timedOut || answer.error === Code.tooFewReplicasAfter) attempt.mayStand = true
      attempt.last = failure(`${place.topic}/${place.partition}`, answer.error)
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      attempt.last = error
    }
    return undefined
  }

  async #answer(sent: Promise<PartitionPlace>, attempt: Attempt): Promise<PartitionPlace> {
    try {
      return await sent
    } catch (error) {
      attempt.mayStand = true
      throw error
    }
  }

  #giveUp(place: Place, sequence: Sequence, attempt: Attempt): Error {
    if (attempt.batch !== undefined) this.#renew(sequence)
    const why = attempt.last?.message ?? 'no answer'
    return new LogUnavailable(`${place.topic}/${place.partition}: no append in time: ${why}`)
  }

  #refused(place: Place, sequence: Sequence, attempt: Attempt, code: number): Error {
    const error = failure(`${place.topic}/${place.partition}`, code)
    if (!attempt.mayStand && code !== Code.duplicateSequence) return error
    this.#renew(sequence)
    return new LogUnavailable(error.message)
  }

  /** The next batch of the partition is of a new producer, which owes nothing to the ones before. */
  #renew(sequence: Sequence): void {
    sequence.identity = undefined
    sequence.next = 0
    this.#identity = undefined
  }

  async #identify(sequence: Sequence): Promise<ProducerIdentity> {
    this.#identity ??= this.#ask()
    const asked = this.#identity
    try {
      sequence.identity = await asked
      return sequence.identity
    } catch (error) {
      if (this.#identity === asked) this.#identity = undefined
      throw error
    }
  }

  async #ask(): Promise<ProducerIdentity> {
    const answer = await this.#cluster.anyBroker((link) =>
      link.call(initProducerIdV5.api, null, NO_TRANSACTION_TIMEOUT_MS, -1n, -1),
    )
    if (answer.errorCode !== Code.none) throw failure('a producer id', answer.errorCode)
    return { id: answer.producerId, epoch: answer.producerEpoch }
  }

  #sequence({ topic, partition }: Place): Sequence {
    const name = `${topic}/${partition}`
    let sequence = this.#sequences.get(name)
    if (sequence === undefined) {
      sequence = { identity: undefined, next: 0 }
      this.#sequences.set(name, sequence)
    }
    return sequence
  }

  #lane(leader: number): ProduceLane {
    const link = this.#cluster.link(leader, 'produce')
    let lane = this.#lanes.get(link)
    if (lane === undefined) {
      lane = new ProduceLane(link)
      this.#lanes.set(link, lane)
    }
    return lane
  }
}

/** One batch, from the first try to the last. */
class Attempt {
  readonly backoff = new Backoff()
  readonly #deadline: number
  /** Encoded once, so that a repetition is the same to the byte. */
  batch: Buffer | undefined
  /** Whether a try without an answer may have been appended. */
  mayStand = false
  last: Error | undefined

  constructor(timeoutMs: number) {
    this.#deadline = Date.now() + timeoutMs
  }

  isLate(): boolean {
    return Date.now() >= this.#deadline
  }
}

/** The broker does not know this producer in this partition any more, or not like this; it has appended nothing. */
function isForgotten(code: number): boolean {
  return (
    code === Code.unknownProducer || code === Code.outOfOrderSequence || code === Code.invalidProducerEpoch
  )
}
