import { describe, expect, it } from 'vitest'
import { Timeline } from '../timeline.ts'
import { addPacked, newHistogram, percentilesOf, record } from './histogram.ts'
import { Interruption } from './interruption.ts'
import { Meter } from './meter.ts'

describe('an interruption', () => {
  it('lasts from when something was due to the next answer, of whatever', () => {
    const chat = new Interruption(500)
    chat.began(0)
    chat.answered(20)
    expect(chat.longestMs).toBe(20)
    chat.began(1_000)
    chat.began(1_100)
    chat.answered(1_700)
    chat.answered(1_750)
    expect(chat.longestMs).toBe(700)
    expect(chat.windows).toEqual([{ fromMs: 1_000, ms: 700 }])
  })

  it('is none while nothing is due, nor where the client itself was slow', () => {
    const chat = new Interruption()
    chat.began(0)
    chat.answered(10)
    chat.began(9_000)
    chat.answered(9_010)
    chat.began(10_000)
    chat.answered(13_000, true)
    expect(chat.longestMs).toBe(10)
  })

  it('counts what was never answered', () => {
    const chat = new Interruption()
    chat.began(100)
    expect(chat.isWaiting).toBe(true)
    chat.note(5_100)
    expect(chat.longestMs).toBe(5_000)
  })
})

describe('samples', () => {
  it('of several processes make one point per second, latencies together', () => {
    const points: unknown[] = []
    let nowMs = 0
    const timeline = new Timeline(
      2,
      (point) => points.push(point),
      () => nowMs,
    )
    timeline.started()
    const [one, other] = [new Meter(), new Meter()]
    one.delivered(1)
    one.error('500 TIMEOUT')
    other.delivered(3)
    other.delivered(undefined)
    nowMs = 1_000
    timeline.add(0, one.take())
    expect(points).toHaveLength(0)
    timeline.add(1, other.take())
    expect(points).toMatchObject([{ at: 1, delivered: 3, errors: 1, deliveredAfter: { count: 2 } }])
    timeline.add(0, one.take())
    timeline.add(0, one.take())
    expect(points).toHaveLength(2)
    expect(points[1]).toMatchObject({ delivered: 0, errors: 0, deliveredAfter: { count: 0, p99: 0 } })
  })
})

it('histograms keep their percentiles on the way between processes', () => {
  const [one, all] = [newHistogram(), newHistogram()]
  for (let ms = 1; ms <= 100; ms++) record(one, ms * 1000)
  const meter = new Meter()
  for (let ms = 101; ms <= 200; ms++) meter.acknowledged(ms)
  all.add(one)
  addPacked(all, meter.take().acknowledgedAfter)
  addPacked(all, undefined)
  const { count, p50, max } = percentilesOf(all)
  expect(count).toBe(200)
  expect(Math.abs(p50 - 100)).toBeLessThan(2)
  expect(Math.abs(max - 200)).toBeLessThan(3)
})
