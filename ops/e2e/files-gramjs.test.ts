import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { Api, type TelegramClient } from 'telegram'
import { CustomFile } from 'telegram/client/uploads.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gramjsClient, gramjsLogin } from '../clients/gramjs.ts'
import { freshPhone } from './people.ts'
import { LOGIN_CODE, ServerProcess } from './server.ts'

const MIB = 1024 * 1024
const LARGE_TIMEOUT_MS = 240_000
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('files, seen from GramJS', () => {
  let server: ServerProcess
  let dora: TelegramClient
  let directory: string

  beforeAll(async () => {
    server = await ServerProcess.start()
    directory = await mkdtemp(join(tmpdir(), 'heliograph-files-'))
    dora = await gramjsClient(server.endpoints, 'tcp')
    await gramjsLogin(dora, { phone: freshPhone(), firstName: 'Dora' }, async () => LOGIN_CODE)
  })
  afterAll(async () => {
    await dora?.destroy()
    await server?.dispose()
    await rm(directory, { recursive: true })
  })

  const send = (name: string, bytes: Buffer, more: object = {}, path = '') =>
    dora.sendFile('me', {
      file: new CustomFile(name, bytes.length, path, path === '' ? bytes : undefined),
      ...more,
    })
  const download = async (message: Api.Message): Promise<Buffer> => {
    const bytes = await dora.downloadMedia(message, {})
    if (!Buffer.isBuffer(bytes)) throw new Error('no bytes')
    return bytes
  }

  it.each([
    ['of 3 MiB', 3 * MIB + 17],
    ['of 60 MiB', 60 * MIB + 1],
  ])(
    'a document %s comes as it was sent',
    async (_, size) => {
      const bytes = randomBytes(size)
      // From a file: the client takes no larger buffers.
      const path = join(directory, 'letters.bin')
      await writeFile(path, bytes)
      const message = await send('letters.bin', bytes, { forceDocument: true }, path)
      const [found] = await dora.getMessages('me', { ids: [message.id] })
      expect(sha256(await download(found!))).toBe(sha256(bytes))
    },
    LARGE_TIMEOUT_MS,
  )

  it('a photo, an album, a voice note and a sticker come as they were sent', async () => {
    const jpeg = await sharp({ create: { width: 900, height: 600, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer()
    const photo = await send('p.jpg', jpeg)
    expect(photo.media).toBeInstanceOf(Api.MessageMediaPhoto)
    expect(await sharp(await download(photo)).metadata()).toMatchObject({
      format: 'jpeg',
      width: 900,
      height: 600,
    })
    const voice = randomBytes(20_000)
    const spoken = await send('v.ogg', voice, { voiceNote: true })
    expect((await download(spoken)).equals(voice)).toBe(true)
    const webp = await sharp(jpeg).resize(512, 512).webp().toBuffer()
    expect((await download(await send('s.webp', webp))).equals(webp)).toBe(true)
    const files = [
      new CustomFile('1.jpg', jpeg.length, '', jpeg),
      new CustomFile('2.jpg', jpeg.length, '', jpeg),
    ]
    await dora.sendFile('me', { file: files, caption: ['one', 'two'] })
    const [two, one] = await dora.getMessages('me', { limit: 2 })
    expect([one?.message, two?.message]).toEqual(['one', 'two'])
    expect(String(one?.groupedId)).toBe(String(two?.groupedId))
  })
})
