import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { InputMedia } from '@mtcute/node'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endCouple, startCouple } from './couple.ts'
import type { Member } from './people.ts'
import { BINARY, type ServerProcess } from './server.ts'

const TEST_TIMEOUT_MS = 240_000
const run = promisify(execFile)

describe('files, seen by operators', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member

  beforeAll(async () => {
    ;({ server, alice, bob } = await startCouple({ acquainted: true }))
  })
  afterAll(() => endCouple({ server, alice, bob }))

  const heliograph = async (...args: string[]) =>
    (await run(process.execPath, [BINARY, ...args, '--data', server.data, '--log-level', 'silent'])).stdout

  it(
    'the same is kept once, and the log proves every reference',
    async () => {
      const same = randomBytes(300_000)
      const document = (member: Member, to: number | 'me') =>
        member.client.sendMedia(to, InputMedia.document(same, { fileName: 'same.bin' }))
      await document(alice, bob.id)
      await document(bob, 'me')
      const deleted = await document(alice, 'me')
      const jpeg = await sharp({ create: { width: 640, height: 640, channels: 3, background: 'green' } })
        .jpeg()
        .toBuffer()
      await alice.client.setMyProfilePhoto({ type: 'photo', media: jpeg })
      await alice.client.sendMedia(bob.id, InputMedia.photo(jpeg))
      await alice.client.deleteMessagesById('me', [deleted.id])
      await server.stop()
      const replayed = await heliograph('replay', '--drop')
      expect(replayed).toContain('all equal')
      const findings = JSON.parse(await heliograph('blobs', '--json', '--verify', '--orphans'))
      expect(findings.usage).toMatchObject({ documents: 5, parts: 0, toErase: 0, free: 0 })
      expect(findings.usage.referredBytes).toBeGreaterThan(3 * same.length)
      expect(findings.usage.storedBytes).toBeLessThan(2 * same.length)
      expect(findings.verified).toMatchObject({ bad: [] })
      expect(findings.orphans).toEqual({ orphans: [], missing: [] })
      await server.restart()
    },
    TEST_TIMEOUT_MS,
  )
})
