import type { Redis } from 'ioredis'

/** Channels that one command subscribes to. */
const CHANNELS_PER_COMMAND = 500
/** A subscription that is not confirmed by then counts as made: it will be, as soon as Redis is there. */
export const CONFIRM_TIMEOUT_MS = 1_000
/** How soon a subscription that was refused is tried again. */
const RETRY_MS = 500
/** How often a connection that only listens asks for a sign of life; what is silent then is made anew. */
const BEAT_MS = 1_000

/** A channel that somebody listens to. */
interface Wanted {
  /** Of the current connection: not asked for, asked for, confirmed. */
  state: 'new' | 'asked' | 'confirmed'
  waiting: (() => void)[] | undefined
}

/**
 * Keeps a connection subscribed to the wanted channels: those that come and go within one turn travel together, and all
 * are asked for again on a new connection.
 */
export class Subscriber {
  readonly #redis: Redis
  readonly #perCommand: number
  readonly #wanted = new Map<string, Wanted>()
  #changed = new Set<string>()
  readonly #subscribed = new Set<string>()
  #scheduled = false
  #retry: NodeJS.Timeout | undefined
  #beat: NodeJS.Timeout | undefined

  /** @param perCommand channels that one command may subscribe to */
  constructor(
    connection: Redis,
    heard: (channel: string, payload: Buffer) => void,
    perCommand = CHANNELS_PER_COMMAND,
  ) {
    this.#redis = connection
    this.#perCommand = perCommand
    connection.on('smessageBuffer', (channel: Buffer, payload: Buffer) => heard(channel.toString(), payload))
    connection.on('ready', () => this.#again())
    // Nothing else is sent here: a network that swallows everything would be noticed only when TCP gives up.
    this.#beat = setInterval(() => beat(connection), BEAT_MS).unref()
  }

  /** Resolves when messages of the channel arrive, or while Redis is away after `CONFIRM_TIMEOUT_MS`. */
  want(channel: string): Promise<void> {
    let wanted = this.#wanted.get(channel)
    if (wanted === undefined) {
      wanted = { state: this.#subscribed.has(channel) ? 'confirmed' : 'new', waiting: undefined }
      this.#wanted.set(channel, wanted)
      this.#change(channel)
    }
    return wanted.state === 'confirmed' ? Promise.resolve() : confirmed(wanted)
  }

  unwant(channel: string): void {
    if (this.#wanted.delete(channel)) this.#change(channel)
  }

  close(): void {
    clearTimeout(this.#retry)
    clearInterval(this.#beat)
    this.#wanted.clear()
    this.#redis.disconnect()
  }

  #change(channel: string): void {
    this.#changed.add(channel)
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => this.#flush())
  }

  /** On a new connection nothing is subscribed. */
  #again(): void {
    this.#subscribed.clear()
    for (const [channel, wanted] of this.#wanted) {
      wanted.state = 'new'
      this.#change(channel)
    }
  }

  #flush(): void {
    this.#scheduled = false
    const changed = this.#changed
    this.#changed = new Set()
    const [come, gone]: [string[], string[]] = [[], []]
    for (const channel of changed) {
      const wanted = this.#wanted.get(channel)
      if (wanted?.state === 'new') come.push(channel)
      else if (wanted === undefined && this.#subscribed.has(channel)) gone.push(channel)
    }
    this.#inCommands(gone, (channels) => this.#unsubscribe(channels))
    this.#inCommands(come, (channels) => this.#subscribe(channels))
  }

  #inCommands(channels: readonly string[], send: (channels: string[]) => void): void {
    const size = this.#perCommand
    for (let i = 0; i < channels.length; i += size) send(channels.slice(i, i + size))
  }

  #subscribe(channels: string[]): void {
    if (this.#redis.status !== 'ready') return this.#retryLater()
    const asked = channels.map((channel) => this.#wanted.get(channel)!)
    for (const wanted of asked) wanted.state = 'asked'
    for (const channel of channels) this.#subscribed.add(channel)
    this.#redis.ssubscribe(...channels).then(
      () => {
        for (const wanted of asked) confirm(wanted)
      },
      () => {
        for (const [i, wanted] of asked.entries()) {
          if (wanted.state === 'asked') wanted.state = 'new'
          this.#subscribed.delete(channels[i]!)
        }
        this.#retryLater()
      },
    )
  }

  #unsubscribe(channels: string[]): void {
    for (const channel of channels) this.#subscribed.delete(channel)
    if (this.#redis.status === 'ready') this.#redis.sunsubscribe(...channels).catch(() => undefined)
  }

  #retryLater(): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined
      for (const [channel, { state }] of this.#wanted) if (state === 'new') this.#change(channel)
    }, RETRY_MS).unref()
  }
}

/** Without an answer in time the connection ends itself (`socketTimeout`). */
function beat(redis: Redis): void {
  if (redis.status === 'ready') redis.ping().catch(() => undefined)
}

function confirm(wanted: Wanted): void {
  if (wanted.state === 'asked') wanted.state = 'confirmed'
  for (const resolve of wanted.waiting ?? []) resolve()
  wanted.waiting = undefined
}

function confirmed(wanted: Wanted): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, CONFIRM_TIMEOUT_MS)
    wanted.waiting ??= []
    wanted.waiting.push(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
