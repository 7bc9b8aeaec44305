import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { areaOf, type BlobEntry, type Blobs, BlobTooLarge, blobFileName, type PutOptions } from '../blobs.ts'
import { StoreUnavailable } from '../tables.ts'
import { ANSWER_TIMEOUT_MS, type Answer, asUnavailable, discard, Filer, isMissing } from './filer.ts'
import { listed } from './listing.ts'
import { upload } from './upload.ts'

const FAN_OUT_CHARACTERS = 2
const HTTP_PARTIAL = 206
const HTTP_RANGE_NOT_SATISFIABLE = 416

export interface SeaweedSettings {
  /** URL of the filer. */
  readonly filer: string
  /** Directory in the filer that holds all blobs. */
  readonly directory: string
  /** The filer's silence after which a request has failed; 10 s if absent. */
  readonly answerTimeoutMs?: number
}

/**
 * Blobs in SeaweedFS: each is a file named by the SHA-256 of its key, in one of 256 directories. It is sent to a name of its
 * own, checked, and then moved to its place, so that no reader ever sees a part of one.
 */
export class SeaweedBlobs implements Blobs {
  readonly #filer: Filer
  readonly #root: string

  constructor(settings: SeaweedSettings) {
    const { filer, answerTimeoutMs = ANSWER_TIMEOUT_MS } = settings
    this.#filer = new Filer(new URL(filer), { answerMs: answerTimeoutMs })
    this.#root = rootOf(settings)
  }

  async put(
    key: string,
    content: Readable | Buffer,
    maxBytes: number,
    { durable = true, replace = false }: PutOptions = {},
  ): Promise<number> {
    if (Buffer.isBuffer(content) && content.length > maxBytes)
      throw new BlobTooLarge(`a blob may have ${maxBytes} bytes`)
    const known = replace ? undefined : await this.size(key)
    if (known !== undefined) return known
    const temporary = `${this.#root}/uploads/${randomUUID()}`
    try {
      const size = await upload(this.#filer, temporary, content, maxBytes, durable)
      return await this.#moved(temporary, key, size, replace)
    } catch (error) {
      await this.#remove(temporary).catch(() => undefined)
      throw error
    }
  }

  async read(key: string, start: number, end: number): Promise<Buffer | undefined> {
    if (start >= end) return (await this.size(key)) === undefined ? undefined : Buffer.alloc(0)
    return this.#filer.ask(rangeOf(this.#pathOf(key), start, end), async (answer) => {
      const part = await partOf(answer, start, end)
      return part && Buffer.from(await part.arrayBuffer())
    })
  }

  async stream(key: string, start = 0, end?: number): Promise<Readable | undefined> {
    if (end !== undefined && start >= end)
      return (await this.size(key)) === undefined ? undefined : Readable.from([])
    return this.#filer.ask(rangeOf(this.#pathOf(key), start, end), async (answer) => {
      const part = await partOf(answer, start, end)
      return part && Readable.from(chunksOf(part), { objectMode: false })
    })
  }

  async size(key: string): Promise<number | undefined> {
    return this.#filer.ask({ method: 'HEAD', path: this.#pathOf(key) }, async (answer) => {
      await discard(answer)
      return isMissing(answer) ? undefined : Number(answer.headers['content-length'] ?? 0)
    })
  }

  delete(key: string): Promise<void> {
    return this.#remove(this.#pathOf(key))
  }

  async *list(area: string): AsyncIterable<BlobEntry> {
    const root = this.#directoryOf(area)
    for await (const directory of listed(this.#filer, root)) {
      if (directory.isDirectory && directory.name.length === FAN_OUT_CHARACTERS)
        for await (const { isDirectory, ...entry } of listed(this.#filer, `${root}/${directory.name}`))
          if (!isDirectory) yield entry
    }
  }

  deleteListed(area: string, name: string): Promise<void> {
    return this.#remove(this.#pathIn(area, name))
  }

  async close(): Promise<void> {
    await this.#filer.close()
  }

  /** The answer to a move may be lost: whether there is something at its end tells, where there was nothing before. */
  async #moved(from: string, key: string, size: number, replace: boolean): Promise<number> {
    const path = `${this.#pathOf(key)}?mv.from=${encodeURIComponent(decodeURIComponent(from))}`
    try {
      await discard(await this.#filer.send({ method: 'POST', path }))
      return size
    } catch (error) {
      const arrived = replace ? undefined : await this.size(key)
      if (arrived === undefined) throw error
      return arrived
    }
  }

  #remove(path: string): Promise<void> {
    return this.#filer.ask({ method: 'DELETE', path }, discard)
  }

  #pathOf(key: string): string {
    return this.#pathIn(areaOf(key), blobFileName(key))
  }

  #pathIn(area: string, name: string): string {
    return blobPath(this.#root, area, name)
  }

  #directoryOf(area: string): string {
    return areaPath(this.#root, area)
  }
}

/** Under which path of the filer all blobs lie. */
export function rootOf({ filer, directory }: Pick<SeaweedSettings, 'filer' | 'directory'>): string {
  const { pathname } = new URL(filer)
  return `${pathname.replace(/\/$/, '')}/${directory.split('/').map(encodeURIComponent).join('/')}`
}

const areaPath = (root: string, area: string): string => (area === '' ? root : `${root}/${area}`)

/** Where a blob lies, by its area and `blobFileName`. */
export const blobPath = (root: string, area: string, name: string): string =>
  `${areaPath(root, area)}/${name.slice(0, FAN_OUT_CHARACTERS)}/${name}`

function rangeOf(path: string, start: number, end: number | undefined) {
  const range = `bytes=${start}-${end === undefined ? '' : end - 1}`
  return { method: 'GET', path, headers: { range } } as const
}

/** The body of an answer to a range; an empty one beyond the end, undefined where there is no such file. */
async function partOf(
  answer: Answer,
  start: number,
  end = Number.POSITIVE_INFINITY,
): Promise<Answer['body'] | Empty | undefined> {
  if (isMissing(answer) || answer.statusCode === HTTP_RANGE_NOT_SATISFIABLE) {
    await discard(answer)
    return isMissing(answer) ? undefined : EMPTY
  }
  const isWhole = answer.statusCode !== HTTP_PARTIAL
  const length = Number(answer.headers['content-length'])
  const from = isWhole ? 0 : Number(/^bytes (\d+)-/.exec(String(answer.headers['content-range']))?.[1])
  if (from === start && from + length <= end) return answer.body
  await discard(answer)
  // An empty file has no ranges: it comes whole.
  if (isWhole && length === 0) return EMPTY
  throw new StoreUnavailable(`the filer gave ${length} bytes from ${from}, not those from ${start} on`)
}

interface Empty extends AsyncIterable<Buffer> {
  arrayBuffer(): Promise<ArrayBuffer>
}
const EMPTY: Empty = {
  arrayBuffer: async () => new ArrayBuffer(0),
  async *[Symbol.asyncIterator]() {},
}

async function* chunksOf(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* body
  } catch (error) {
    throw asUnavailable(error)
  }
}
