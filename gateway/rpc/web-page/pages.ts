import type { Tl } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import type { Services } from '../services.ts'
import { fetchPage, type PageOptions } from './fetcher.ts'

/** Pages of this gateway that are remembered, and for how long. */
const MAX_REMEMBERED = 1000
const LIFE_MS = 10 * 60_000
/** Pages that are being fetched at once; links beyond have no preview. */
const MAX_FETCHING = 32

type Page = Tl<'webPage'> | undefined
interface Remembered {
  readonly page: Promise<Page>
  readonly untilMs: number
  known?: { readonly page: Page }
}

/** Previews of links: each is fetched once, however many send it. */
export class WebPages {
  readonly #remembered = new Map<string, Remembered>()
  readonly #options: PageOptions
  #fetching = 0

  constructor(options: PageOptions = {}) {
    this.#options = options
  }

  /** What is known of an address by now; undefined where it has not been fetched. */
  known(url: string, nowMs: number): { readonly page: Page } | undefined {
    const remembered = this.#remembered.get(url)
    return remembered !== undefined && remembered.untilMs > nowMs ? remembered.known : undefined
  }

  /** The preview of an address; undefined where there is none. */
  page(context: CallContext, url: string): Promise<Page> {
    const nowMs = context.services.nowMs()
    const before = this.#remembered.get(url)
    if (before !== undefined && before.untilMs > nowMs) return before.page
    if (this.#fetching >= MAX_FETCHING) return Promise.resolve(undefined)
    this.#fetching += 1
    const page = fetchPage(context, url, pageId(context.services, url), this.#options)
      .catch(() => undefined)
      .finally(() => {
        this.#fetching -= 1
      })
    this.#remember(url, { page, untilMs: nowMs + LIFE_MS })
    return page
  }

  #remember(url: string, entry: Remembered): void {
    this.#remembered.delete(url)
    this.#remembered.set(url, entry)
    if (this.#remembered.size > MAX_REMEMBERED)
      this.#remembered.delete(this.#remembered.keys().next().value as string)
    entry.page.then((page) => {
      entry.known = { page }
    })
  }
}

/** The number of a page: the same for the same address. */
export function pageId({ keyring }: Pick<Services, 'keyring'>, url: string): bigint {
  return keyring.mac('access-hash', `page|${url}`).readBigUInt64LE(0) >> 1n
}

const shelves = new WeakMap<object, WebPages>()

/** The pages of a gateway. */
export function pagesOf(services: Services): WebPages {
  let pages = shelves.get(services)
  if (pages === undefined) {
    pages = new WebPages()
    shelves.set(services, pages)
  }
  return pages
}
