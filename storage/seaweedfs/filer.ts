import { Pool } from 'undici'
import { StoreUnavailable } from '../tables.ts'

/** Requests under way at once; more wait for a connection. */
export const MAX_CONNECTIONS = 64
const CONNECT_TIMEOUT_MS = 2_000
/** The filer's silence after which a request has failed. */
export const ANSWER_TIMEOUT_MS = 10_000
/** How often a request that may be repeated is sent at most. */
const MAX_TRIES = 3
const RETRY_DELAY_MS = 100

const HTTP_NOT_FOUND = 404
const HTTP_TOO_MANY = 429
const HTTP_SERVER_ERROR = 500

export interface FilerTimeouts {
  readonly answerMs: number
}
export type Answer = Awaited<ReturnType<Pool['request']>>
export interface FilerRequest {
  readonly method: 'GET' | 'HEAD' | 'DELETE' | 'POST' | 'PUT'
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: AsyncIterable<Buffer>
  readonly signal?: AbortSignal
}

/** SeaweedFS's filer over HTTP: a bounded pool of connections, and failures by kind. */
export class Filer {
  readonly #pool: Pool
  readonly #answerMs: number

  /** `url` may have a path, under which everything is kept. */
  constructor(url: URL, { answerMs }: FilerTimeouts) {
    this.#answerMs = answerMs
    this.#pool = new Pool(url.origin, {
      connections: MAX_CONNECTIONS,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      headersTimeout: answerMs,
      bodyTimeout: answerMs,
    })
  }

  /**
   * Sends a request once. Resolves to an answer of 2xx, 404 or 416, whose body the caller has to read or `discard`.
   * @throws StoreUnavailable where the filer cannot be reached, does not answer or fails
   */
  async send({ method, path, headers, body, signal }: FilerRequest): Promise<Answer> {
    const answer = await this.#request({
      method,
      path,
      ...(headers && { headers }),
      // What is sent may take as long as it takes: the sender watches over it.
      ...(body && { body: body as never, headersTimeout: 0 }),
      ...(signal && { signal }),
    })
    if (answer.statusCode < 300 || isExpected(answer.statusCode)) return answer
    await discard(answer)
    const said = `the filer answered ${answer.statusCode} to ${method} ${path}`
    throw isForNow(answer.statusCode) ? new StoreUnavailable(said) : new Error(said)
  }

  /** As `send`, for a request that may be repeated: what passes is tried again. */
  async ask<T>(request: FilerRequest, read: (answer: Answer) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await read(await this.send(request))
      } catch (error) {
        const failure = asUnavailable(error)
        if (!(failure instanceof StoreUnavailable) || tries >= MAX_TRIES) throw failure
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS * tries))
    }
  }

  get answerMs(): number {
    return this.#answerMs
  }

  close(): Promise<void> {
    return this.#pool.destroy()
  }

  async #request(options: Parameters<Pool['request']>[0]): Promise<Answer> {
    try {
      return await this.#pool.request(options)
    } catch (error) {
      throw asUnavailable(error)
    }
  }
}

export const isMissing = (answer: Answer): boolean => answer.statusCode === HTTP_NOT_FOUND

/** Reads an answer to its end and forgets it, so that its connection is free again. */
export async function discard(answer: Answer): Promise<void> {
  await answer.body.dump().catch(() => undefined)
}

/** `StoreUnavailable` for a connection that failed, timed out or broke off; anything else as it is. */
export function asUnavailable(error: unknown): unknown {
  const { code, name, message } = error as NodeJS.ErrnoException
  const isOfTransport = code !== undefined && /^(UND_ERR_(?!INVALID_ARG)|E[A-Z]+$|HPE_)/.test(code)
  if (!isOfTransport && name !== 'AbortError') return error
  return new StoreUnavailable(`the filer: ${message || code}`)
}

const HTTP_RANGE_NOT_SATISFIABLE = 416
const isExpected = (status: number) => status === HTTP_NOT_FOUND || status === HTTP_RANGE_NOT_SATISFIABLE
const isForNow = (status: number) => status >= HTTP_SERVER_ERROR || status === HTTP_TOO_MANY
