import { request } from 'undici'
import { areaOf, type BlobCopies, blobFileName, MAX_BLOB_COPIES } from '../blobs.ts'
import { StoreUnavailable } from '../tables.ts'
import { blobPath, rootOf, type SeaweedSettings } from './blobs.ts'
import { chunksOfFile, type FileChunk } from './chunks.ts'
import { ANSWER_TIMEOUT_MS, asUnavailable, Filer } from './filer.ts'

const HTTP_OK = 200
const HTTP_PARTIAL = 206

export interface ReplicaSettings extends SeaweedSettings {
  /** URL of a master, which knows where the volumes lie. */
  readonly master: string
}

/**
 * What each volume server has of a blob by itself: the filer gives what any one of them says, and a part of a chunk is given
 * unchecked, damaged or not. A blob lies in chunks of the filer, each in a volume, each volume on as many servers as it has
 * replicas.
 */
export class SeaweedCopies implements BlobCopies {
  readonly areReplicas = true
  readonly #filer: Filer
  readonly #root: string
  readonly #master: string
  readonly #answerMs: number
  /** Of the blob that was asked for last. */
  #chunks: { readonly key: string; readonly chunks: readonly FileChunk[] } | undefined
  readonly #servers = new Map<string, readonly string[]>()

  constructor(settings: ReplicaSettings) {
    const { filer, master, answerTimeoutMs = ANSWER_TIMEOUT_MS } = settings
    this.#filer = new Filer(new URL(filer), { answerMs: answerTimeoutMs })
    this.#root = rootOf(settings)
    this.#master = master.replace(/\/$/, '')
    this.#answerMs = answerTimeoutMs
  }

  async *copies(key: string, start: number, end: number): AsyncGenerator<Buffer> {
    const wanted = (await this.#chunksOf(key)).filter((chunk) => chunk.start < end && chunk.end > start)
    const parts: Buffer[][] = []
    for (const chunk of wanted) parts.push(await this.#partsOf(chunk, start, end))
    let given = 0
    for (const combination of combinations(parts)) {
      if (given++ >= MAX_BLOB_COPIES) return
      yield Buffer.concat(combination)
    }
  }

  close(): Promise<void> {
    return this.#filer.close()
  }

  async #chunksOf(key: string): Promise<readonly FileChunk[]> {
    if (this.#chunks?.key === key) return this.#chunks.chunks
    const path = blobPath(this.#root, areaOf(key), blobFileName(key))
    const chunks = [...((await chunksOfFile(this.#filer, path)) ?? [])].sort((a, b) => a.start - b.start)
    this.#chunks = { key, chunks }
    return chunks
  }

  /** What the servers of a chunk's volume have of it; those that have other lengths or nothing are left out. */
  async #partsOf(chunk: FileChunk, start: number, end: number): Promise<Buffer[]> {
    const from = Math.max(start, chunk.start) - chunk.start
    const to = Math.min(end, chunk.end) - chunk.start
    const found: Buffer[] = []
    for (const server of await this.#serversOf(chunk.fileId)) {
      const part = await this.#read(`http://${server}/${chunk.fileId}`, from, to)
      if (part !== undefined && !found.some((known) => known.equals(part))) found.push(part)
    }
    return found
  }

  async #read(url: string, from: number, to: number): Promise<Buffer | undefined> {
    try {
      const answer = await this.#ask(url, { range: `bytes=${from}-${to - 1}` })
      const bytes = Buffer.from(await answer.body.arrayBuffer())
      if (answer.statusCode === HTTP_PARTIAL) return bytes.length === to - from ? bytes : undefined
      return answer.statusCode === HTTP_OK && bytes.length >= to ? bytes.subarray(from, to) : undefined
    } catch {
      // A server that is away, or that finds its own copy damaged, has none.
      return undefined
    }
  }

  /** `host:port` of each; @throws StoreUnavailable where the master does not answer */
  async #serversOf(fileId: string): Promise<readonly string[]> {
    const volume = fileId.slice(0, fileId.indexOf(','))
    const known = this.#servers.get(volume)
    if (known !== undefined) return known
    const answer = await this.#ask(`${this.#master}/dir/lookup?volumeId=${volume}`).catch((error) => {
      throw asUnavailable(error)
    })
    const { locations = [] } = (await answer.body.json().catch(() => ({}))) as {
      readonly locations?: readonly { readonly url: string }[]
    }
    if (locations.length === 0) throw new StoreUnavailable(`the master knows no place of volume ${volume}`)
    const servers = locations.map(({ url }) => url)
    this.#servers.set(volume, servers)
    return servers
  }

  #ask(url: string, headers: Record<string, string> = {}) {
    return request(url, { headers, headersTimeout: this.#answerMs, bodyTimeout: this.#answerMs })
  }
}

/** One of each, in all ways. */
function* combinations(parts: readonly (readonly Buffer[])[]): Generator<Buffer[]> {
  const [first, ...rest] = parts
  if (first === undefined) return yield []
  for (const tail of combinations(rest)) for (const head of first) yield [head, ...tail]
}
