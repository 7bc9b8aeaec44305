import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Bus } from './bus.ts'

/** A limit of what is lost: a network, or the machine, may be slow. */
const DELIVERY = { timeout: 60_000, interval: 1 }

/** What every `Bus` must do, as long as nothing is lost. */
export function describeBus(name: string, make: () => Promise<{ bus: Bus; dispose(): Promise<void> }>): void {
  describe(`${name} as a Bus`, () => {
    let bus: Bus
    let dispose: () => Promise<void>
    beforeEach(async () => {
      ;({ bus, dispose } = await make())
    })
    afterEach(() => dispose())

    const listen = async (channel: string) => {
      const heard: string[] = []
      const subscription = await bus.subscribe(channel, (payload) => void heard.push(payload.toString()))
      return { heard, subscription }
    }
    const send = (channel: string, ...texts: string[]) => {
      for (const text of texts) bus.publish(channel, Buffer.from(text))
    }

    it('gives every subscriber of a channel its messages, in order', async () => {
      const [a, b, other] = [await listen('a'), await listen('a'), await listen('b')]
      send('a', '1', '2', '3')
      send('b', 'x')
      await expect.poll(() => other.heard, DELIVERY).toEqual(['x'])
      await expect.poll(() => a.heard, DELIVERY).toEqual(['1', '2', '3'])
      await expect.poll(() => b.heard, DELIVERY).toEqual(['1', '2', '3'])
    })

    it('keeps the order of what a handler publishes', async () => {
      await bus.subscribe('a', (payload) => {
        if (payload.toString() === '1') send('a', 'from 1')
      })
      const last = await listen('a')
      send('a', '1', '2')
      await expect.poll(() => last.heard.length, DELIVERY).toBe(3)
      expect(last.heard.indexOf('1')).toBeLessThan(last.heard.indexOf('from 1'))
      expect(last.heard.indexOf('1')).toBeLessThan(last.heard.indexOf('2'))
    })

    it('gives nothing after the subscription is closed, and the others all', async () => {
      const [gone, kept] = [await listen('a'), await listen('a')]
      gone.subscription.close()
      gone.subscription.close()
      send('a', '1')
      await expect.poll(() => kept.heard, DELIVERY).toEqual(['1'])
      expect(gone.heard).toEqual([])
    })

    it('harms nobody by a handler that throws', async () => {
      await bus.subscribe('a', () => {
        throw new Error('broken handler')
      })
      const sound = await listen('a')
      send('a', '1', '2')
      await expect.poll(() => sound.heard, DELIVERY).toEqual(['1', '2'])
    })
  })
}
