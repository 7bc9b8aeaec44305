import { createCipheriv, randomBytes } from 'node:crypto'
import type { Random } from '../pace/random.ts'

/** Of a part of an upload: 512 KiB are a multiple (core.telegram.org/api/files#uploading-files). */
export const PART_BYTES = 64 * 1024
const KEY_BYTES = 16
const ZEROS = Buffer.alloc(PART_BYTES)

/** What a file holds, of which only the number is kept: its bytes are made when they are wanted. */
export interface Content {
  readonly number: number
  readonly sizeBytes: number
  /** It belongs to those that are sent again and again. */
  readonly isRepeated: boolean
}

export interface ContentSettings {
  /** Sizes lie between these, small ones being as likely as those of ten times their size. */
  readonly minBytes: number
  readonly maxBytes: number
  /** Share of files whose content is one of so many that are sent again and again. */
  readonly repeated: number
  readonly contents: number
}

/** Contents of files, different in each run; a share of them repeat themselves. */
export class Contents {
  private readonly key = randomBytes(KEY_BYTES)
  private readonly known: readonly Content[]
  private readonly settings: ContentSettings
  private readonly random: Random
  private next: number

  constructor(settings: ContentSettings, random: Random) {
    this.settings = settings
    this.random = random
    this.known = Array.from({ length: settings.contents }, (_, number) => this.content(number, true))
    this.next = settings.contents
  }

  draw(): Content {
    const { repeated, contents } = this.settings
    if (this.random() >= repeated) return this.content(this.next++, false)
    return this.known[Math.floor(this.random() * contents)] as Content
  }

  /** The bytes, part by part; the last part may be shorter. */
  *partsOf({ number, sizeBytes }: Content): Generator<Buffer> {
    const iv = Buffer.alloc(KEY_BYTES)
    iv.writeUIntBE(number, 0, 6)
    const cipher = createCipheriv('aes-128-ctr', this.key, iv)
    for (let left = sizeBytes; left > 0; left -= PART_BYTES)
      yield cipher.update(left < PART_BYTES ? ZEROS.subarray(0, left) : ZEROS)
  }

  private content(number: number, isRepeated: boolean): Content {
    const { minBytes, maxBytes } = this.settings
    const sizeBytes = Math.floor(minBytes * (maxBytes / minBytes) ** this.random())
    return { number, sizeBytes, isRepeated }
  }
}
