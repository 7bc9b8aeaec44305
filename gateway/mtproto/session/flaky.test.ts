import { decodeObject, encodeCall, encodeObject } from '@heliograph/schemas/tl'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClientSession } from './client.ts'
import { type MemoryLink, Rig } from './rig.fixture.ts'

/**
 * One client on connections that fail at any moment: packets under way in either direction are lost with the connection, packets
 * of the client come twice, answers come in any order. Whatever happens, every call runs once and is answered once.
 */
class FlakyClient {
  readonly rig = new Rig({ limits: { keptPushes: 8 } })
  readonly client: ClientSession
  readonly ran = new Map<number, number>()
  readonly answered = new Map<number, number>()
  /** Pushed since the session attached for the first time. */
  readonly pushed: number[] = []
  readonly received = new Set<number>()
  tookDifference = 0
  #link: MemoryLink | undefined
  #up: Buffer[] = []
  #down: Buffer[] = []
  #open: (() => void)[] = []
  #calls = 0

  constructor() {
    const key = this.rig.authKeys.make({ userId: 5 })
    this.rig.answer = (call) =>
      new Promise((resolve) => {
        const number = (call as { pts: number }).pts
        this.ran.set(number, (this.ran.get(number) ?? 0) + 1)
        this.#open.push(() => resolve({ _: 'updates.differenceEmpty', date: 1, seq: number }))
      })
    this.client = new ClientSession({
      authKey: key.key,
      salt: this.rig.salt(key),
      now: () => this.rig.nowMs,
      send: (packet) => void (this.#link && this.#up.push(packet)),
      onUpdates: (body) => this.#onUpdates(body),
    })
  }

  call(): void {
    const number = this.#calls++
    const body = encodeCall({ _: 'updates.getDifference', pts: number, date: 0, qts: 0 })
    this.client.call(body, () => this.answered.set(number, (this.answered.get(number) ?? 0) + 1))
  }

  connect(): void {
    this.drop()
    this.#link = this.rig.link()
    this.#link.onPacket = (packet) => void this.#down.push(packet)
    this.client.sendPendingAgain()
    this.client.sendService(encodeObject({ _: 'ping', pingId: 1n }))
  }

  drop(): void {
    this.#link?.receiver.closed()
    this.#link = undefined
    this.#up = []
    this.#down = []
  }

  deliver(twice: boolean): void {
    for (const packet of this.#up.splice(0)) {
      this.#link?.receiver.packet(packet, false)
      if (twice) this.#link?.receiver.packet(packet, false)
    }
  }

  hear(): void {
    for (const packet of this.#down.splice(0)) this.client.receive(packet)
  }

  finish(which: number): void {
    if (this.#open.length > 0) this.#open.splice(which % this.#open.length, 1)[0]!()
  }

  push(): void {
    if (this.rig.events.length === 0) return
    const number = this.pushed.length
    const value = { _: 'updateShort', update: { _: 'updateConfig' }, date: number }
    this.pushed.push(number)
    for (const session of this.rig.attached) session.push(value)
  }

  /** A connection that holds, for as long as it takes. */
  async calmDown(): Promise<void> {
    this.connect()
    for (let round = 0; round < 6; round++) {
      this.deliver(false)
      while (this.#open.length > 0) this.finish(0)
      await this.rig.settle()
      this.hear()
      this.client.flush()
    }
  }

  #onUpdates(body: Buffer): void {
    const value = decodeObject(body)
    if (value._ === 'updatesTooLong') {
      // The difference brings everything so far.
      this.tookDifference++
      for (const number of this.pushed) this.received.add(number)
    } else this.received.add((value as { date: number }).date)
  }
}

const action = fc.oneof(
  { weight: 4, arbitrary: fc.constant('call' as const) },
  { weight: 4, arbitrary: fc.constant('deliver' as const) },
  { weight: 1, arbitrary: fc.constant('deliverTwice' as const) },
  { weight: 4, arbitrary: fc.constant('hear' as const) },
  { weight: 4, arbitrary: fc.constant('push' as const) },
  { weight: 1, arbitrary: fc.constant('connect' as const) },
  { weight: 1, arbitrary: fc.constant('drop' as const) },
  { weight: 1, arbitrary: fc.constant('acknowledge' as const) },
  { weight: 1, arbitrary: fc.constant('wait' as const) },
  { weight: 4, arbitrary: fc.nat({ max: 20 }) },
)

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never

async function act(flaky: FlakyClient, step: Action): Promise<void> {
  if (typeof step === 'number') flaky.finish(step)
  else if (step === 'call') flaky.call()
  else if (step === 'deliver' || step === 'deliverTwice') flaky.deliver(step === 'deliverTwice')
  else if (step === 'hear') flaky.hear()
  else if (step === 'push') flaky.push()
  else if (step === 'connect') flaky.connect()
  else if (step === 'drop') flaky.drop()
  else if (step === 'acknowledge') flaky.client.flush()
  else await flaky.rig.advance(1_000)
  await flaky.rig.settle()
}

describe('over connections that fail', () => {
  it('every call runs once and is answered once, and no update is lost without notice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (steps) => {
        const flaky = new FlakyClient()
        flaky.connect()
        for (const step of steps) await act(flaky, step)
        flaky.call()
        await flaky.calmDown()
        expect([...flaky.ran.values()].every((times) => times === 1)).toBe(true)
        expect(flaky.answered.size).toBe(flaky.ran.size)
        expect([...flaky.answered.values()].every((times) => times === 1)).toBe(true)
        expect(flaky.client.pendingCount).toBe(0)
        flaky.push()
        await flaky.calmDown()
        expect(flaky.pushed.filter((number) => !flaky.received.has(number))).toEqual([])
        expect(flaky.rig.bugs).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})
