import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createMetrics, measureProcess } from '../metrics.ts'
import { alerts } from './alerts.ts'
import { generatedFiles } from './files.ts'
import { rows } from './panels.ts'

const DEPLOY = join(import.meta.dirname, '../../deploy')
const PART = /_(bucket|sum|count)$/

const queries = rows.flatMap(({ panels }) =>
  panels.flatMap(({ targets }) => targets.map(({ query }) => query)),
)

function metricsIn(texts: readonly string[]): Set<string> {
  const found = texts.flatMap((text) => text.match(/\b(heliograph|process|nodejs)_[a-z0-9_]+/g) ?? [])
  return new Set(found)
}

/** Names of all metrics of a process, and of which type they are. */
async function known(): Promise<Map<string, string>> {
  const metrics = createMetrics()
  measureProcess(metrics)
  const all = await metrics.registry.getMetricsAsJSON()
  return new Map(all.map(({ name, type }) => [name, String(type)]))
}

describe('the dashboard', () => {
  it('asks for metrics that there are, and for the parts that histograms have', async () => {
    const metrics = await known()
    for (const name of metricsIn([...queries, ...alerts.map(({ query }) => query)])) {
      const histogram = name.replace(PART, '')
      const isPart = PART.test(name) && metrics.get(histogram) === 'histogram'
      expect(isPart || metrics.has(name), name).toBe(true)
      expect(isPart || metrics.get(name) !== 'histogram', `${name} is a histogram`).toBe(true)
    }
  })

  it('shows everything that is measured', async () => {
    const shown = new Set([...metricsIn(queries)].flatMap((name) => [name, name.replace(PART, '')]))
    const measured = [...(await known()).keys()].filter((name) => name.startsWith('heliograph_'))
    expect(measured.filter((name) => !shown.has(name))).toEqual([])
  })

  it('has a place for each question that an operator asks', () => {
    expect(rows.map(({ title }) => title)).toEqual([
      'Traffic',
      'Latency per hop',
      'Lag and owners',
      'Errors',
      'Stores',
      'Connections',
      'Backpressure',
    ])
  })

  it('keeps apart what labels keep apart: brackets of all queries are closed', () => {
    for (const query of [...queries, ...alerts.map((alert) => alert.query)]) {
      for (const [open, close] of ['()', '[]', '{}']) {
        const count = (bracket: string | undefined) => query.split(bracket ?? '').length
        expect(count(open), query).toBe(count(close))
      }
    }
  })
})

describe('the generated files', () => {
  it.each([...generatedFiles()])('%s is as `npm run dashboard` writes it', (path, content) => {
    expect(readFileSync(join(DEPLOY, path), 'utf8')).toBe(content)
  })

  it('hold a dashboard whose panels do not overlap', () => {
    const { panels } = JSON.parse(generatedFiles().get(join('grafana', 'heliograph.json')) ?? '')
    const cells = new Set<string>()
    let area = 0
    for (const { gridPos } of panels) {
      area += gridPos.w * gridPos.h
      for (let x = 0; x < gridPos.w; x++)
        for (let y = 0; y < gridPos.h; y++) cells.add(`${gridPos.x + x},${gridPos.y + y}`)
    }
    expect(cells.size).toBe(area)
    expect(new Set(panels.map(({ id }: { id: number }) => id)).size).toBe(panels.length)
  })
})
