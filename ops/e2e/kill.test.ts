import { randomInt } from 'node:crypto'
import type { tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { acquaint, type Member, member } from './people.ts'
import { ServerProcess } from './server.ts'

const ROUNDS = 20
const PAIRS = 3
const ROUND_MAX_MS = 600
/** A restart, and a client that connects again and repeats what it has no answer for, on a busy machine. */
const PROGRESS_MAX_MS = 120_000
const TEST_TIMEOUT_MS = 600_000

interface Pair {
  readonly from: Member
  readonly to: Member
  /** Texts whose sending was acknowledged, in order. */
  readonly acknowledged: string[]
}

describe('kill -9 under load', () => {
  let server: ServerProcess
  const pairs: Pair[] = []

  beforeAll(async () => {
    server = await ServerProcess.start()
    for (let i = 0; i < PAIRS; i++) {
      const from = await member(server.endpoints, `From ${i}`)
      const to = await member(server.endpoints, `To ${i}`)
      await acquaint(from, to)
      pairs.push({ from, to, acknowledged: [] })
    }
  }, TEST_TIMEOUT_MS)
  afterAll(async () => {
    await Promise.all(pairs.flatMap(({ from, to }) => [from.client.destroy(), to.client.destroy()]))
    await server?.dispose()
  })

  it(
    `loses, doubles and disorders nothing that was acknowledged, ${ROUNDS} times in a row`,
    async () => {
      let running = true
      const senders = pairs.map(async (pair) => {
        for (let i = 0; running; i++) {
          await pair.from.client.sendText(pair.to.id, `message ${i}`)
          pair.acknowledged.push(`message ${i}`)
        }
      })
      for (let round = 0; round < ROUNDS; round++) {
        await progress(pairs)
        await new Promise((resolve) => setTimeout(resolve, randomInt(50, ROUND_MAX_MS)))
        await server.kill()
        await server.restart()
      }
      running = false
      await Promise.all(senders)
      for (const pair of pairs) {
        expect(pair.acknowledged.length).toBeGreaterThanOrEqual(ROUNDS)
        await checkHistory(pair.from, pair.to.id, pair.acknowledged)
        await checkHistory(pair.to, pair.from.id, pair.acknowledged)
        await checkPts(pair.to, pair.acknowledged)
      }
    },
    TEST_TIMEOUT_MS,
  )
})

/** Waits until each pair had another message acknowledged, so that each kill meets all of them at work. */
async function progress(pairs: readonly Pair[]): Promise<void> {
  const before = pairs.map(({ acknowledged }) => acknowledged.length)
  await eventually(
    'each pair has another message acknowledged',
    () => pairs.every(({ acknowledged }, i) => acknowledged.length > (before[i] ?? 0)),
    PROGRESS_MAX_MS,
  )
}

/** The whole history, oldest first, is what was acknowledged: once each, in order. */
async function checkHistory(reader: Member, peer: number, acknowledged: string[]): Promise<void> {
  const seen: string[] = []
  for await (const message of reader.client.iterHistory(peer, { limit: Number.POSITIVE_INFINITY }))
    seen.push(message.text)
  expect(seen.reverse()).toEqual(acknowledged)
}

/** The difference from the beginning has each message once, and its pts ends where the state's does. */
async function checkPts(reader: Member, acknowledged: string[]): Promise<void> {
  const texts: string[] = []
  let pts = 1
  for (;;) {
    const difference = await reader.client.call({ _: 'updates.getDifference', pts, date: 1, qts: 0 })
    if (difference._ === 'updates.differenceEmpty') break
    if (difference._ === 'updates.differenceTooLong') throw new Error('the difference of a test is short')
    texts.push(...difference.newMessages.map(textOf))
    const state = difference._ === 'updates.difference' ? difference.state : difference.intermediateState
    pts = state.pts
    if (difference._ === 'updates.difference') break
  }
  expect(texts).toEqual(acknowledged)
  const state = await reader.client.call({ _: 'updates.getState' })
  expect(state.pts).toBe(pts)
  expect(state.pts).toBe(1 + acknowledged.length)
}

function textOf(message: tl.TypeMessage): string {
  return message._ === 'message' ? message.message : message._
}
