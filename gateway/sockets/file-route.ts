import type { HttpRequest, HttpResponse, TemplatedApp } from 'uWebSockets.js'
import { parseRange } from './range.ts'

/** A file to be given; see `openLinkedFile`. */
export interface ServedFile {
  readonly sizeBytes: number
  readonly mimeType: string
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
    const range = req.getHeader('range')
    open(token).then(
      (file) => (file === undefined ? given.refuse('404 Not Found') : given.give(file, range, withBody)),
      () => given.refuse('503 Service Unavailable'),
    )
  }
  app.get(`${prefix}:token`, (res, req) => serve(res, req, true))
  app.head(`${prefix}:token`, (res, req) => serve(res, req, false))
}

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

  give(file: ServedFile, rangeHeader: string, withBody: boolean): void {
    if (this.#gone) return
    const range = parseRange(rangeHeader, file.sizeBytes)
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
    res.writeHeader('x-content-type-options', 'nosniff')
    res.writeHeader('content-security-policy', "default-src 'none'; sandbox")
    res.writeHeader('cache-control', 'private, max-age=3600')
    if (isPart) res.writeHeader('content-range', `bytes ${start}-${end - 1}/${file.sizeBytes}`)
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
