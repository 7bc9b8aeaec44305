import { describe, expect, it } from 'vitest'
import { LogUnavailable } from '../../log.ts'
import { withDefaults } from '../options.ts'
import type { BrokerLink } from './broker-link.ts'
import { Cluster } from './cluster.ts'

function setUp() {
  const cluster = new Cluster(withDefaults({ brokers: ['one:1', 'two:2', 'one:1'] }))
  const asked: BrokerLink[] = []
  const away = new Set<BrokerLink>()
  const ask = async () => {
    asked.length = 0
    await cluster.anyBroker(async (link) => {
      asked.push(link)
      if (away.has(link)) throw new LogUnavailable('away')
    })
    return [...asked]
  }
  return { ask, asked, away }
}

describe('any broker', () => {
  it('is the next one where the first is away, and stays it', async () => {
    const { ask, away } = setUp()
    const [first] = await ask()
    away.add(first!)
    const [, second] = await ask()
    expect(second).not.toBe(first)
    expect(await ask()).toEqual([second])
  })

  it('is the first one again where the others are away', async () => {
    const { ask, away } = setUp()
    const [first] = await ask()
    away.add(first!)
    const [, second] = await ask()
    away.delete(first!)
    away.add(second!)
    expect(await ask()).toEqual([second, first])
    expect(await ask()).toEqual([first])
  })

  it('is each asked once where all are away', async () => {
    const { ask, asked, away } = setUp()
    const [first] = await ask()
    away.add(first!)
    const [, second] = await ask()
    away.add(second!)
    await expect(ask()).rejects.toBeInstanceOf(LogUnavailable)
    expect(asked).toHaveLength(2)
  })
})
