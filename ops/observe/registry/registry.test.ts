import { type Metric, Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { Counter } from './counter.ts'
import { MAX_CHILDREN } from './family.ts'
import { Histogram } from './histogram.ts'
import { Reading } from './reading.ts'

async function text(family: object): Promise<string[]> {
  const registry = new Registry()
  registry.registerMetric(family as Metric)
  return (await registry.metrics()).trim().split('\n')
}

describe('metrics as text', () => {
  it('write a histogram with cumulative buckets, each bound included', async () => {
    const family = new Histogram('took_seconds', 'Help.', ['what'], [0.1, 1])
    const child = family.with('a')
    for (const value of [0.05, 0.1, 0.5, 7]) child.observe(value)
    expect(await text(family)).toEqual([
      '# HELP took_seconds Help.',
      '# TYPE took_seconds histogram',
      'took_seconds_bucket{what="a",le="0.1"} 2',
      'took_seconds_bucket{what="a",le="1"} 3',
      'took_seconds_bucket{what="a",le="+Inf"} 4',
      'took_seconds_sum{what="a"} 7.65',
      'took_seconds_count{what="a"} 4',
    ])
  })

  it('write counters and readings', async () => {
    const counter = new Counter('done_total', 'Help.')
    counter.with().add(2)
    counter.with().add()
    expect((await text(counter)).at(-1)).toBe('done_total 3')
    const reading = new Reading('level', 'Help.', ['where'])
    reading.from(() => [{ labels: ['here'], value: 4 }])
    reading.from(async () => [{ labels: ['there'], value: 5 }])
    expect((await text(reading)).slice(-2)).toEqual(['level{where="here"} 4', 'level{where="there"} 5'])
  })

  it('stay bounded whatever the labels are', async () => {
    const counter = new Counter('seen_total', 'Help.', ['name'])
    for (let i = 0; i < MAX_CHILDREN + 100; i++) counter.with(`n${i}`).add()
    const lines = await text(counter)
    expect(lines).toHaveLength(2 + MAX_CHILDREN + 1)
    expect(lines.at(-1)).toBe('seen_total{name="other"} 100')
  })
})
