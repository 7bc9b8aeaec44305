import { expect, it } from 'vitest'
import { Latencies } from './latency.ts'

it('gives percentiles in milliseconds', () => {
  const latencies = new Latencies()
  for (let i = 1; i <= 2000; i++) latencies.add(i * 1000)
  expect(latencies.summary()).toEqual({ count: 2000, p50Ms: 1001, p99Ms: 1981, maxMs: 2000 })
})

it('says nothing where nothing was measured', () => {
  expect(new Latencies().summary()).toBeUndefined()
})
