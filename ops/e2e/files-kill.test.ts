import { createHash, randomBytes } from 'node:crypto'
import { InputMedia } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Member, member } from './people.ts'
import { ServerProcess } from './server.ts'

const MIB = 1024 * 1024
const SIZE = 24 * MIB
const TEST_TIMEOUT_MS = 240_000

describe('kill -9 in the middle of a file', () => {
  let server: ServerProcess
  let alice: Member

  beforeAll(async () => {
    server = await ServerProcess.start()
    alice = await member(server.endpoints, 'Alice')
  })
  afterAll(async () => {
    await alice?.client.destroy()
    await server?.dispose()
  })

  it(
    'an upload and a download go on where they were',
    async () => {
      const bytes = randomBytes(SIZE)
      const restarted: Promise<void>[] = []
      const killOnce = () => {
        restarted.push(server.kill().then(() => server.restart()))
      }
      const media = InputMedia.document(bytes, { fileName: 'long.bin' })
      let killed = false
      const progressCallback = (uploaded: number) => {
        if (killed || uploaded < SIZE / 2) return
        killed = true
        killOnce()
      }
      const sent = await alice.client.sendMedia('me', media, { progressCallback })
      expect(killed).toBe(true)
      await Promise.all(restarted.splice(0))
      if (sent.media?.type !== 'document') throw new Error('no document')
      const hash = createHash('sha256')
      let got = 0
      for await (const chunk of alice.client.downloadAsIterable(sent.media)) {
        hash.update(chunk)
        if (got < SIZE / 2 && got + chunk.length >= SIZE / 2) killOnce()
        got += chunk.length
      }
      await Promise.all(restarted)
      expect(got).toBe(SIZE)
      expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'))
    },
    TEST_TIMEOUT_MS,
  )
})
