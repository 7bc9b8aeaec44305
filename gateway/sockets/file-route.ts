import type { HttpRequest, HttpResponse, TemplatedApp } from 'uWebSockets.js'
import { parseRange } from './range.ts'

/** A file to be given; see `openLinkedFile`. */
export interface ServedFile {
  readonly sizeBytes: number
  readonly mimeType: string
  /** In quotes; the same for the same bytes alone. */
  readonly entityTag: string
  read(start: number, end: number): Promise<Buffer>
}

/** Bytes that one response holds in memory at most: the next are read when the reader has taken these. */
const STEP_BYTES = 256 * 1024

/**
 * Gives files under `prefix<token>`, whole or a range of them (RFC 9110, 14). A reader that is slow holds one step in memory
 * and nothing else; one that leaves ends the reading.
 */
export function addFileRoute(
  app: TemplatedApp,
  prefix: string,
  open: (token: string) => Promise<ServedFile | undefined>,
): void {
  const serve = (res: HttpResponse, req: HttpRequest, withBody: boolean) => {
    const given = new Response(res)
    const token = req.getParameter(0) ?? ''
    // A range is of GET alone (RFC 9110, 14.2).
    const wanted = {
      range: withBody ? req.getHeader('range') : '',
      ifRange: req.getHeader('if-range'),
      ifNoneMatch: req.getHeader('if-none-match'),
      withBody,
    }
    open(token).then(
      (file) => (file === undefined ? given.refuse('404 Not Found') : given.give(file, wanted)),
      () => given.refuse('503 Service Unavailable'),
    )
  }
  app.get(`${prefix}:token`, (res, req) => serve(res, req, true))
  app.head(`${prefix}:token`, (res, req) => serve(res, req, false))
}

/** What a request says of what it wants; header fields are empty where they are absent. */
interface Wanted {
  readonly range: string
  readonly ifRange: string
  readonly ifNoneMatch: string
  readonly withBody: boolean
}

/** Whether the reader has these bytes already (RFC 9110, 13.1.2). */
const hasIt = ({ entityTag }: ServedFile, { ifNoneMatch }: Wanted): boolean =>
  ifNoneMatch.split(',').some((each) => each.trim().replace(/^W\//, '') === entityTag || each.trim() === '*')

/** A range of bytes that may be others than the reader has is all of them (RFC 9110, 13.1.5). */
const rangeOf = ({ entityTag }: ServedFile, { range, ifRange }: Wanted): string =>
  ifRange === '' || ifRange.trim() === entityTag ? range : ''

/** One answer under way; the library's response must not be touched once it is gone. */
class Response {
  readonly #res: HttpResponse
  #gone = false

  constructor(res: HttpResponse) {
    this.#res = res
    res.onAborted(() => {
      this.#gone = true
    })
  }

  refuse(status: string): void {
    if (this.#gone) return
    this.#gone = true
    this.#res.cork(() => this.#res.writeStatus(status).end())
  }

  give(file: ServedFile, wanted: Wanted): void {
    if (this.#gone) return
    if (hasIt(file, wanted)) return this.#notModified(file)
    const { withBody } = wanted
    const range = parseRange(rangeOf(file, wanted), file.sizeBytes)
    if (range === 'unsatisfiable') return this.#unsatisfiable(file)
    const { start, end, isPart } = range
    this.#res.cork(() => {
      this.#head(file, start, end, isPart)
      if (withBody && start < end) return
      this.#gone = true
      this.#res.endWithoutBody(end - start)
    })
    if (!this.#gone) this.#step(file, start, start, end)
  }

  #head(file: ServedFile, start: number, end: number, isPart: boolean): void {
    const res = this.#res
    res.writeStatus(isPart ? '206 Partial Content' : '200 OK')
    res.writeHeader('content-type', file.mimeType)
    res.writeHeader('accept-ranges', 'bytes')
    res.writeHeader('etag', file.entityTag)
    res.writeHeader('x-content-type-options', 'nosniff')
    res.writeHeader('content-security-policy', "default-src 'none'; sandbox")
    res.writeHeader('cache-control', 'private, max-age=3600')
    if (isPart) res.writeHeader('content-range', `bytes ${start}-${end - 1}/${file.sizeBytes}`)
  }

  #notModified({ entityTag }: ServedFile): void {
    this.#gone = true
    this.#res.cork(() =>
      this.#res.writeStatus('304 Not Modified').writeHeader('etag', entityTag).endWithoutBody(),
    )
  }

  #unsatisfiable({ sizeBytes }: ServedFile): void {
    this.#gone = true
    this.#res.cork(() => {
      this.#res.writeStatus('416 Range Not Satisfiable').writeHeader('content-range', `bytes */${sizeBytes}`)
      this.#res.end()
    })
  }

  /** Reads from `at` on, and goes on when it has been taken. */
  #step(file: ServedFile, start: number, at: number, end: number): void {
    file.read(at, Math.min(end, at + STEP_BYTES)).then(
      (bytes) => this.#offer(file, bytes, start, at, end),
      () => {
        if (!this.#gone) this.#res.close()
      },
    )
  }

  #offer(file: ServedFile, bytes: Buffer, start: number, at: number, end: number): void {
    if (this.#gone) return
    const next = at + bytes.length
    const taken = this.#try(bytes, end - start)
    if (next >= end && (taken || this.#gone)) return
    if (taken) return this.#step(file, start, next, end)
    this.#res.onWritable((offset) => {
      const rest = bytes.subarray(offset - (at - start))
      const isTaken = this.#try(rest, end - start)
      if (isTaken && !this.#gone && next < end) this.#step(file, start, next, end)
      return isTaken
    })
  }

  /** Whether all of the bytes were taken; the response is over when they were the last. */
  #try(bytes: Buffer, total: number): boolean {
    let [taken, done] = [false, false]
    this.#res.cork(() => {
      ;[taken, done] = this.#res.tryEnd(bytes, total)
    })
    if (done) this.#gone = true
    return taken || done
  }
}
