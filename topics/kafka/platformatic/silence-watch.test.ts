import { describe, expect, it } from 'vitest'
import { MAX_SILENCE_MS, SilenceWatch } from './silence-watch.ts'

const SILENT = MAX_SILENCE_MS + 1

class Link {
  readonly address: string
  silence: number
  hungUp = false

  constructor(address: string, silence = 0) {
    this.address = address
    this.silence = silence
  }

  silentMs(): number {
    return this.silence
  }

  hangUp(): void {
    this.hungUp = true
  }
}

function setUp(links: Link[], inService: () => Promise<ReadonlySet<string>>) {
  const doubted: string[] = []
  let asked = 0
  const watch = new SilenceWatch({
    links: () => links,
    doubt: (addresses) => doubted.push(...addresses),
    inService: () => {
      asked++
      return inService()
    },
  })
  watch.learn(['one:1', 'two:2'])
  return { watch, doubted, asked: () => asked }
}
const only = (...addresses: string[]) => Promise.resolve(new Set(addresses))

describe('SilenceWatch', () => {
  it('hangs up on a broker that keeps silent and is out of service', async () => {
    const links = [new Link('one:1', SILENT), new Link('one:1'), new Link('two:2')]
    const { watch, doubted } = setUp(links, () => only('two:2'))
    await watch.check()
    expect(links.map(({ hungUp }) => hungUp)).toEqual([true, false, false])
    expect(doubted).toEqual(['one:1'])
  })

  it('waits for a broker that is slow and in service', async () => {
    const link = new Link('one:1', SILENT)
    await setUp([link], () => only('one:1', 'two:2')).watch.check()
    expect(link.hungUp).toBe(false)
  })

  it('waits under an address that brokers do not go by', async () => {
    const link = new Link('bootstrap:1', SILENT)
    await setUp([link], () => only('one:1', 'two:2')).watch.check()
    expect(link.hungUp).toBe(false)
  })

  it('asks nobody while all answer', async () => {
    const { watch, asked } = setUp([new Link('one:1')], () => only('one:1'))
    await watch.check()
    expect(asked()).toBe(0)
  })

  it('leaves a connection that is answered while the others are asked', async () => {
    const link = new Link('one:1', SILENT)
    const { watch } = setUp([link], () => {
      link.silence = 0
      return only('two:2')
    })
    await watch.check()
    expect(link.hungUp).toBe(false)
  })

  it('leaves everything where nobody can be asked, and asks again', async () => {
    const link = new Link('one:1', SILENT)
    let answer: () => Promise<ReadonlySet<string>> = () => Promise.reject(new Error('no broker'))
    const { watch } = setUp([link], () => answer())
    await watch.check()
    expect(link.hungUp).toBe(false)
    answer = () => only('two:2')
    await watch.check()
    expect(link.hungUp).toBe(true)
  })
})
