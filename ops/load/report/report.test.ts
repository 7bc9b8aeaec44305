import { expect, it } from 'vitest'
import { Meter } from '../measure/meter.ts'
import { type LoadResult, resultOf, Totals } from '../result.ts'
import { parseScenario, type ScenarioInput } from '../scenario.ts'
import { noFindings } from '../verify/findings.ts'
import { htmlReport } from './html.ts'
import { line, panel } from './live.ts'
import { textReport } from './text.ts'

const SHARE = {
  sent: 10,
  acknowledged: 10,
  delivered: 10,
  unacknowledged: 0,
  found: { counts: noFindings(), examples: [] as string[] },
  unverified: 0,
  gaps: 0,
  silentGaps: 0,
  repeatedUpdates: 0,
  longestInterruptionMs: 700,
  outages: [{ fromMs: 1500, ms: 700 }],
  chatInterruptions: undefined,
  cpuSeconds: 0.001,
  peakResidentBytes: 1,
}

function result(share: Partial<typeof SHARE> = {}, scenario: ScenarioInput = {}, error?: string): LoadResult {
  const totals = new Totals()
  const meter = new Meter()
  if (error !== undefined) meter.error(error)
  totals.add(meter.take())
  return resultOf(parseScenario(scenario), [{ ...SHARE, ...share }], totals, [])
}

it('a run is fine where everything came, once', () => {
  expect(result()).toMatchObject({ ok: true, problems: [], cpuMicrosPerMessage: 100 })
  expect(textReport(result()).join('\n')).toContain('outages        700 ms at 1.5 s')
})

it('errors and what was not acknowledged are a failure, unless faults are expected', () => {
  expect(result({}, {}, '500 TIMEOUT').problems).toEqual(['1 × error: 500 TIMEOUT'])
  expect(result({ unacknowledged: 2 }).ok).toBe(false)
  expect(result({ unacknowledged: 2 }, { faultsExpected: true }, '500 TIMEOUT').ok).toBe(true)
})

it('loss, what could not be verified and silence are a failure always', () => {
  const faultsExpected = true
  const found = { counts: { ...noFindings(), lost: 1 }, examples: ['lost: #1 of a'] }
  expect(result({ found }, { faultsExpected }).problems).toEqual(['1 × lost', '  lost: #1 of a'])
  expect(result({ unverified: 1 }, { faultsExpected }).ok).toBe(false)
  expect(result({ acknowledged: 0 }, { faultsExpected }).ok).toBe(false)
})

it('files are counted where there are some, with their bytes and latencies', () => {
  const meter = new Meter()
  meter.uploaded(3 << 20)
  meter.downloaded(2 << 20)
  meter.fileSent(20, true)
  meter.fileSent(undefined, false)
  meter.fileReceived(10)
  const totals = new Totals()
  totals.add(meter.take())
  totals.add(meter.take())
  const scenario = parseScenario({ mix: [{ activity: 'private' }, { activity: 'media' }] })
  const text = textReport(resultOf(scenario, [SHARE], totals, [])).join('\n')
  expect(text).toContain(
    'sent 2 (1 of contents that repeat), 3 MiB up; downloaded and compared 1, 2 MiB down',
  )
  expect(text).toMatch(/file up +p50 20 ms/)
  expect(text).toMatch(/file down +p50 10 ms/)
  expect(textReport(result()).join('\n')).not.toContain('files')
})

it('the page needs nothing else and cannot be broken by what it shows', async () => {
  const found = { counts: { ...noFindings(), lost: 1 }, examples: ['lost: </pre><script>alert(1)</script>'] }
  const html = await htmlReport(result({ found }))
  expect(html).toContain('WRONG')
  expect(html).toContain('uPlot')
  expect(html).not.toContain('<script>alert')
  expect(html).not.toMatch(/(src|href)=/)
})

it('the live view says where a run stands', () => {
  const none = { count: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 }
  const point = {
    ...{ at: 15, sent: 1200, acknowledged: 1199, delivered: 1198, signUps: 0, inFlight: 7, connections: 40 },
    ...{
      reconnects: 0,
      errors: 2,
      bytesUp: 0,
      bytesDown: 0,
      acknowledgedAfter: none,
      deliveredAfter: { ...none, p50: 1.25, p99: 12 },
    },
  }
  expect(line(point)).toBe(
    '15 s · sent 1,200/s · acked 1,199/s · delivered 1,198/s · in flight 7 · p50 1.3 ms, p99 12 ms, p99.9 0.0 ms · 40 connections · 2 errors',
  )
  expect(panel(point, parseScenario({}))[0]).toContain('15 of 30 s')
  expect(line({ ...point, at: -1, signUps: 5 })).toBe('signing up: 5 done, 2 errors')
})
