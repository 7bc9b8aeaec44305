import { type Panel, type Row, rows } from './panels.ts'

const WIDTH = 24
const PANEL = { w: 8, h: 8 }
const DATASOURCE = { type: 'prometheus', uid: '$datasource' }

/** The dashboard as Grafana imports it. */
export function dashboard(): object {
  return {
    uid: 'heliograph',
    title: 'Heliograph',
    tags: ['heliograph'],
    schemaVersion: 39,
    editable: true,
    refresh: '10s',
    time: { from: 'now-30m', to: 'now' },
    templating: {
      list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }],
    },
    panels: placed(rows),
  }
}

function placed(all: readonly Row[]): object[] {
  const panels: object[] = []
  let y = 0
  let id = 1
  for (const { title, panels: ofRow } of all) {
    panels.push({
      id: id++,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: WIDTH, h: 1 },
    })
    y += 1
    const perLine = WIDTH / PANEL.w
    ofRow.forEach((panel, i) => {
      const at = { x: (i % perLine) * PANEL.w, y: y + Math.floor(i / perLine) * PANEL.h }
      panels.push(timeSeries(id++, panel, at))
    })
    y += Math.ceil(ofRow.length / perLine) * PANEL.h
  }
  return panels
}

function timeSeries(id: number, { title, unit, targets }: Panel, at: { x: number; y: number }): object {
  return {
    id,
    type: 'timeseries',
    title,
    datasource: DATASOURCE,
    gridPos: { ...at, ...PANEL },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options: {
      tooltip: { mode: 'multi', sort: 'desc' },
      legend: { displayMode: 'list', placement: 'bottom' },
    },
    targets: targets.map(({ query, legend }, i) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + i),
      datasource: DATASOURCE,
      expr: query,
      legendFormat: legend,
    })),
  }
}
