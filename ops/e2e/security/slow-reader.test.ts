import { readFile } from 'node:fs/promises'
import type { Result } from '@heliograph/schemas/tl'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../eventually.ts'
import { freshPhone } from '../people.ts'
import { LOGIN_CODE, ServerProcess } from '../server.ts'
import { logIn, peerOf, RawClient, sendText } from './raw-client.ts'

const MESSAGES = 5_000
const AT_ONCE = 100
/** Together far more than the buffers of both kernels and the session's queue hold. */
const TEXT = 'x'.repeat(4_000)
const MIB = 1024 * 1024
const GROWTH_MAX_BYTES = 300 * MIB
const TIMEOUT_MS = 240_000

let server: ServerProcess
beforeAll(async () => {
  server = await ServerProcess.start(['--login-code', LOGIN_CODE])
})
afterAll(() => server.dispose())

async function person(name: string): Promise<{ client: RawClient; phone: string }> {
  const client = await RawClient.open(server.endpoints)
  const phone = freshPhone()
  await logIn(client, phone, name, () => LOGIN_CODE)
  await client.call({ _: 'updates.getState' })
  return { client, phone }
}

async function residentBytes(): Promise<number> {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024
}

it(
  'a client that stops reading costs a bounded queue, holds up nobody, and takes the difference later',
  async () => {
    const [sender, slow, other] = [await person('Sender'), await person('Slow'), await person('Other')]
    const [toSlow, toOther] = [
      await peerOf(sender.client, slow.phone),
      await peerOf(sender.client, other.phone),
    ]
    const { pts, date } = await slow.client.call<Result<'updates.getState'>>({ _: 'updates.getState' })
    slow.client.link.socket.pause()
    const before = await residentBytes()
    for (let sent = 0; sent < MESSAGES; sent += AT_ONCE) {
      const batch = Array.from({ length: AT_ONCE }, (_, i) =>
        sendText(sender.client, toSlow, `${sent + i} ${TEXT}`, BigInt(sent + i + 1)),
      )
      await Promise.all(batch)
    }
    expect((await residentBytes()) - before).toBeLessThan(GROWTH_MAX_BYTES)

    await sendText(sender.client, toOther, 'still here', 1_000_001n)
    await eventually('the other one is told', () => other.client.updates.length > 0)

    slow.client.link.socket.resume()
    await eventually('the slow one is told to take the difference', () =>
      slow.client.updates.some(({ _ }) => _ === 'updatesTooLong'),
    )
    expect(slow.client.updates.length).toBeLessThan(MESSAGES)
    expect(await missedMessages(slow.client, pts, date)).toEqual(
      Array.from({ length: MESSAGES }, (_, i) => i),
    )
    for (const { client } of [sender, slow, other]) client.close()
  },
  TIMEOUT_MS,
)

/** The numbers that the texts begin with, by as many differences as it takes. */
async function missedMessages(client: RawClient, since: number, date: number): Promise<number[]> {
  const numbers: number[] = []
  for (let pts = since; ; ) {
    const request = { _: 'updates.getDifference', pts, date, qts: 0 }
    const difference = await client.call<Result<'updates.getDifference'>>(request)
    if (difference._ !== 'updates.difference' && difference._ !== 'updates.differenceSlice')
      throw new Error(`unexpected ${difference._}`)
    for (const message of difference.newMessages)
      if (message._ === 'message') numbers.push(Number.parseInt(message.message, 10))
    if (difference._ === 'updates.difference') return numbers
    pts = difference.intermediateState.pts
  }
}
