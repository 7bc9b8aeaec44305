import { createHash, randomBytes } from 'node:crypto'
import { InputMedia, type Message } from '@mtcute/node'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import type { Member } from './people.ts'
import type { ServerProcess } from './server.ts'

const MIB = 1024 * 1024
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** A picture that is not all of one colour. */
const picture = (width: number, height: number) =>
  sharp(randomBytes(48), { raw: { width: 4, height: 4, channels: 3 } })
    .resize(width, height)
    .jpeg()
    .toBuffer()

describe('files, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member

  beforeAll(async () => {
    ;({ server, alice, bob } = await startCouple({ acquainted: true }))
  })
  afterAll(() => endCouple({ server, alice, bob }))

  /** Bob's message with this text. */
  const received = (text: string): Promise<Message> =>
    eventually(`Bob gets ${text}`, async () =>
      (await bob.client.getHistory(alice.id, { limit: 20 })).find((message) => message.text === text),
    )

  it('a document comes as it was sent', async () => {
    const bytes = randomBytes(3 * MIB + 12_345)
    const media = InputMedia.document(bytes, { fileName: 'letters.bin', caption: 'a document' })
    const sent = await alice.client.sendMedia(bob.id, media)
    const message = await received('a document')
    expect(message.media).toMatchObject({ type: 'document', fileName: 'letters.bin', fileSize: bytes.length })
    for (const [member, each] of [
      [bob, message],
      [alice, sent],
    ] as const) {
      const { media: found } = each
      if (found?.type !== 'document') throw new Error(`unexpected ${found?.type}`)
      expect(sha256(await member.client.downloadAsBuffer(found))).toBe(sha256(bytes))
    }
  })

  it('a photo comes in its sizes', async () => {
    await alice.client.sendMedia(
      bob.id,
      InputMedia.photo(await picture(1600, 900), { caption: 'a photo', fileName: 'p.jpg' }),
    )
    const { media } = await received('a photo')
    if (media?.type !== 'photo') throw new Error(`unexpected ${media?.type}`)
    expect(media.width).toBeGreaterThanOrEqual(1280)
    expect(media.thumbnails.length).toBeGreaterThanOrEqual(3)
    for (const size of media.thumbnails) {
      if (size.isVideo || size.type === 'i') continue
      const bytes = await bob.client.downloadAsBuffer(size)
      const { width, height, format } = await sharp(bytes).metadata()
      expect({ width, height, format }).toEqual({ width: size.width, height: size.height, format: 'jpeg' })
    }
  })
})
