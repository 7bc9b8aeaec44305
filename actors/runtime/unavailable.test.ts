import { StoreUnavailable } from '@heliograph/storage'
import { LogUnavailable } from '@heliograph/topics'
import { describe, expect, test } from 'vitest'
import type { ActorsObserver, ObservedFailure } from './observer.ts'
import { rest, say, ToyRig, type ToyStep } from './toy.fixture.ts'

const unavailable = ({ store }: ToyStep) =>
  store === 'log' ? new LogUnavailable('away') : new StoreUnavailable('away')

const script = Array.from({ length: 12 }, (_, i) => say(`c${i % 3}`, i, i % 5 === 4 ? 'refuse' : 'say'))

/** Fails the nth step of the run, and lets it be done (`after`) or not. */
function failing(nth: number, many = 1): (step: ToyStep) => void {
  let steps = 0
  return (step) => {
    steps++
    if (steps >= nth && steps < nth + many) throw unavailable(step)
  }
}

describe('a store that is away', () => {
  test('for one step, done or not, whichever it is, costs nothing that was told or decided', async () => {
    for (let nth = 1; ; nth++) {
      const rig = await ToyRig.create()
      const actors = await rig.start()
      await rest()
      let reached = false
      const fail = failing(nth)
      rig.fault = (step) => {
        try {
          fail(step)
        } catch (error) {
          reached = true
          throw error
        }
      }
      try {
        await rig.ask(...script)
        await rest()
        await actors.stop()
        expect(rig.fatal).toEqual([])
        const said = await rig.check()
        expect(said.length).toBe(script.filter(({ how }) => how === 'say').length)
      } catch (error) {
        throw new Error(`fails with step ${nth}`, { cause: error })
      }
      if (!reached) return expect(nth).toBeGreaterThan(100)
    }
  })

  test('while a partition is opened, is waited for', async () => {
    for (let nth = 1; nth < 60; nth++) {
      const rig = await ToyRig.create()
      rig.fault = failing(nth, 3)
      const starting = rig.start()
      const actors = await starting
      await rig.ask(...script)
      await actors.stop()
      expect(rig.fatal).toEqual([])
      await rig.check()
    }
  })

  test('is told of once, and so is that it is back', async () => {
    const rig = await ToyRig.create()
    const told: string[] = []
    const waits: number[] = []
    const observer: ActorsObserver = {
      interrupted: ({ topic, error, waitMs }: ObservedFailure) => {
        told.push(`${topic} interrupted: ${error.message} ${waitMs}`)
      },
      reopened: ({ topic, attempts }) => told.push(`${topic} reopened ${attempts > 3}`),
    }
    let away = false
    const sleep = (ms: number) => {
      waits.push(ms)
      return new Promise<void>((resolve) => setImmediate(resolve))
    }
    const actors = await rig.start({ observer, sleep, folds: [] })
    await rest()
    await rig.send(say('a', 1, 'refuse'))
    await rest()
    rig.fault = (step) => {
      if (away) throw unavailable(step)
    }
    away = true
    await rig.send(say('a', 2))
    await rest()
    away = false
    await rest()
    await actors.stop()
    expect(told).toEqual(['chat.commands interrupted: away 37.5', 'chat.commands reopened true'])
    const [first = 0, second = 0] = waits
    expect(second).toBe(2 * first)
    // The rest are waits for the hand-over at the end.
    expect(waits.filter((ms) => ms < 5_000).length).toBeGreaterThan(3)
  })

  test('does not keep a process from ending', async () => {
    const rig = await ToyRig.create()
    const actors = await rig.start({ sleep: () => new Promise(() => undefined) })
    await rest()
    rig.fault = (step) => {
      throw unavailable(step)
    }
    await rig.send(say('a', 1))
    await rest()
    await actors.stop()
    expect(rig.fatal).toEqual([])
    rig.fault = () => undefined
    const next = await rig.start()
    await rig.ask(say('a', 1))
    await next.stop()
    expect((await rig.check()).length).toBe(1)
  })

  test('by a fault of the software is fatal as ever', async () => {
    const rig = await ToyRig.create()
    const actors = await rig.start()
    await rest()
    rig.fault = ({ store, operation }) => {
      if (store === 'tables' && operation === 'apply') throw new Error('bug')
    }
    await rig.send(say('a', 1))
    await rest()
    rig.fault = () => undefined
    await actors.stop()
    expect(rig.fatal).toEqual([new Error('bug')])
  })
})
