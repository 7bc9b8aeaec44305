import { createHash, type Hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { limited } from '../limited.ts'
import { StoreUnavailable } from '../tables.ts'
import { asUnavailable, type Filer } from './filer.ts'

/** What went over the wire. */
interface Sent {
  readonly md5: Hash
  bytes: number
  /** The content's own failure, which is not the filer's. */
  failure?: unknown
}

/**
 * Sends content to a path that nobody reads yet, chunk by chunk as it comes. Resolves to its size when the filer has
 * confirmed the same size and MD5, written through to the disk.
 * @throws BlobTooLarge, what `content` throws, or StoreUnavailable; then something may be left under the path
 */
export async function upload(
  filer: Filer,
  path: string,
  content: Readable | Buffer,
  maxBytes: number,
  durable = true,
): Promise<number> {
  const silence = new AbortController()
  const sent: Sent = { md5: createHash('md5'), bytes: 0 }
  const watch = new Watch(filer.answerMs, silence)
  try {
    const answer = await filer.send({
      method: 'PUT',
      path: durable ? `${path}?fsync=true` : path,
      headers: { 'content-type': 'application/octet-stream' },
      body: watched(limited(content, maxBytes), sent, watch),
      signal: silence.signal,
    })
    const stored = (await answer.body.json()) as { readonly size?: number }
    confirm(sent, stored.size ?? 0, answer.headers['content-md5'])
    return sent.bytes
  } catch (error) {
    throw sent.failure ?? asUnavailable(error)
  } finally {
    watch.stop()
  }
}

/** Ends an upload that the filer does not take or answer in time. A source may be as slow as it is. */
class Watch {
  readonly #ms: number
  readonly #silence: AbortController
  #timer: NodeJS.Timeout | undefined

  constructor(ms: number, silence: AbortController) {
    this.#ms = ms
    this.#silence = silence
  }

  start(): void {
    this.stop()
    this.#timer = setTimeout(() => this.#silence.abort(), this.#ms)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}

/** Passes the chunks on, and counts them; time runs while the filer is to take one, and after the last. */
async function* watched(chunks: AsyncIterable<Buffer>, sent: Sent, watch: Watch): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of chunks) {
      sent.md5.update(chunk)
      sent.bytes += chunk.length
      watch.start()
      yield chunk
      watch.stop()
    }
    watch.start()
  } catch (error) {
    sent.failure = error
    throw error
  }
}

function confirm({ md5, bytes }: Sent, storedBytes: number, storedMd5: unknown): void {
  if (storedBytes !== bytes)
    throw new StoreUnavailable(`the filer has stored ${storedBytes} of ${bytes} bytes`)
  if (storedMd5 !== md5.digest('base64'))
    throw new StoreUnavailable(`the filer has stored other bytes than it was sent`)
}
