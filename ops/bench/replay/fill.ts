import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type ChatId,
  type CreateUser,
  privateChatId,
  type RecordCodec,
  type SendMessage,
  type UserId,
  userKey,
} from '@heliograph/schemas/avro'
import { type Log, type LogRecord, partitionOf, seal, type TopicName } from '@heliograph/topics'
import { type Ports, startActorsRole } from '../../start/compose.ts'

export const CHATS = 200
const FIRST_USER = 1_000_001
const PAYLOAD_BYTES = 64
/** Commands of one append. */
const BATCH = 512
/** Commands that the message actors may have before them. */
const MAX_AHEAD = 8_192
/** Mailbox records that the notification actors may have before them; they tell where they are once a second. */
const MAX_UNFOLDED = 65_536
const LOOK_EVERY_MS = 5

interface Pair {
  readonly chatId: ChatId
  readonly members: readonly [UserId, UserId]
}

/**
 * Fills empty stores with a history of two-member chats, through the real actors: commands are appended as they are handled.
 * Resolves when every table has all of it.
 */
export async function fill(
  ports: Ports,
  codec: RecordCodec,
  messages: number,
  onProgress: (sent: number) => void = () => {},
): Promise<void> {
  let failure: unknown
  const onFatal = (error: unknown) => {
    failure ??= error
  }
  const actors = await startActorsRole(ports, codec, { node: 'fill', onFatal })
  try {
    const feed = new Feed(ports.log, codec, () => failure)
    const pairs = pairsOf(CHATS)
    for (const { members } of pairs) for (const userId of members) await feed.user(userId)
    await feed.flush()
    await feed.untilIn('account.events', 2 * pairs.length)
    for (let sent = 0; sent < messages; sent++) {
      if (sent % BATCH === 0) {
        await feed.keepPace()
        onProgress(sent)
      }
      await feed.message(pairs[sent % pairs.length] as Pair, sent)
    }
    await feed.flush()
    await feed.untilIn('chat.events', messages)
    await feed.untilFolded(0)
  } finally {
    await actors.stop()
  }
  if (failure !== undefined) throw failure
  onProgress(messages)
}

function pairsOf(count: number): Pair[] {
  return Array.from({ length: count }, (_, i) => {
    const members = [FIRST_USER + 2 * i, FIRST_USER + 2 * i + 1] as [UserId, UserId]
    return { chatId: privateChatId(...members), members }
  })
}

/** Gathers commands by partition, and appends them in large batches. */
class Feed {
  readonly #log: Log
  readonly #codec: RecordCodec
  readonly #failure: () => unknown
  readonly #key = randomBytes(32)
  readonly #waiting = new Map<string, { topic: TopicName; partition: number; records: LogRecord[] }>()
  #appended = 0

  constructor(log: Log, codec: RecordCodec, failure: () => unknown) {
    this.#log = log
    this.#codec = codec
    this.#failure = failure
  }

  user(userId: UserId): Promise<void> | undefined {
    const profile = randomBytes(PAYLOAD_BYTES)
    const command: CreateUser = { type: 'CreateUser', userId, phoneHmac: `filled-${userId}`, profile }
    return this.#add('account.commands', userKey(userId), command)
  }

  message({ chatId, members }: Pair, number: number): Promise<void> | undefined {
    const sealedFor = { topic: 'chat.events', key: chatId, type: 'MessageContent' }
    const command: SendMessage = {
      type: 'SendMessage',
      chatId,
      senderId: members[number % 3 === 0 ? 1 : 0],
      randomId: BigInt(number + 1),
      replyToSeq: null,
      silent: false,
      extra: null,
      words: null,
      sealed: seal(this.#key, sealedFor, randomBytes(PAYLOAD_BYTES)),
    }
    return this.#add('chat.commands', chatId, command)
  }

  async flush(): Promise<void> {
    for (const { topic, partition, records } of this.#waiting.values()) {
      if (records.length === 0) continue
      if (topic === 'chat.commands') this.#appended += records.length
      await this.#log.append(topic, partition, records.splice(0))
    }
  }

  /** Waits while actors have much before them. */
  async keepPace(): Promise<void> {
    await this.untilIn('chat.events', this.#appended - MAX_AHEAD)
    await this.untilFolded(MAX_UNFOLDED)
  }

  /** Waits until the notification actors have no more than so many records before them. */
  async untilFolded(most: number): Promise<void> {
    while ((await this.#unfolded()) > most) await this.#rest()
  }

  /**
   * Waits until a topic holds so many events. Each command makes one; each owner's announcement is one more.
   * Throws what the actors failed with.
   */
  async untilIn(topic: TopicName, count: number): Promise<void> {
    while ((await this.#events(topic)) < count) await this.#rest()
  }

  async #rest(): Promise<void> {
    if (this.#failure() !== undefined) throw this.#failure()
    await sleep(LOOK_EVERY_MS)
  }

  async #unfolded(): Promise<number> {
    const topic = 'mailbox.events'
    let sum = 0
    for (let partition = 0; partition < this.#log.partitions(topic); partition++) {
      const end = await this.#log.end(topic, partition)
      sum += end - ((await this.#log.committed('notification', topic, partition)) ?? 0)
    }
    return sum
  }

  /** Without the announcements: one in each partition. */
  async #events(topic: TopicName): Promise<number> {
    const partitions = this.#log.partitions(topic)
    let sum = 0
    for (let partition = 0; partition < partitions; partition++) sum += await this.#log.end(topic, partition)
    return sum - partitions
  }

  #add(topic: TopicName, key: string, command: CreateUser | SendMessage): Promise<void> | undefined {
    const partition = partitionOf(key, this.#log.partitions(topic))
    const name = `${topic} ${partition}`
    const value = this.#codec.encode({ cause: null, epoch: 0, reply: null }, command)
    const waiting = this.#waiting.get(name) ?? { topic, partition, records: [] }
    this.#waiting.set(name, waiting)
    waiting.records.push({ key, value, timestampMs: Date.now() })
    return waiting.records.length < BATCH ? undefined : this.flush()
  }
}
