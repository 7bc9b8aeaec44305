/** How the report looks; follows the reader's light or dark. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --card: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --ink: #dce3ec; --paper: #14181d; --card: #1c2229; } }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1180px; padding: 0 1rem; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.4rem; } h1 span { border-radius: 4px; color: #fff; font-size: 0.9rem; padding: 0.15rem 0.5rem; vertical-align: 3px; }
.ok { background: #1a7f37; } .wrong { background: #cf222e; }
pre { background: var(--card); border-radius: 6px; overflow-x: auto; padding: 0.8rem 1rem; font-size: 13px; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(480px, 1fr)); gap: 1rem; }
section { background: var(--card); border-radius: 6px; padding: 0.6rem; min-width: 0; }
.u-title { font-size: 14px; font-weight: 600; } .u-legend { font-size: 12px; }
`

/** Draws the charts: runs in the browser, with uPlot and RESULT (timeline and distribution) at hand. */
export const PAGE_SCRIPT = `
const charts = document.getElementById('charts')
const ink = getComputedStyle(document.documentElement).getPropertyValue('--ink')
const points = RESULT.timeline
const seconds = points.map((p) => p.at)
const axis = (label, values) => ({ label, stroke: ink, grid: { stroke: '#8883', width: 1 }, ticks: { stroke: '#8883' }, size: 64, labelSize: 18, ...(values ? { values } : {}) })
const ms = (u, splits) => splits.map((v) => v == null ? '' : v >= 1000 ? v / 1000 + ' s' : v + ' ms')
function chart(title, x, series, y, more = {}) {
  const box = charts.appendChild(document.createElement('section'))
  const opts = {
    title, width: box.clientWidth - 12, height: 260, cursor: { drag: { x: true, y: false } },
    scales: { x: { time: false }, y: more.log ? { distr: 3 } : { range: (u, min, max) => [0, Math.max(1, max * 1.05)] } },
    axes: [axis(more.xLabel ?? 'seconds', more.xValues), axis(y, more.log ? ms : undefined)],
    series: [{ label: more.xLabel ?? 's' }, ...series.map(([label, stroke]) => ({ label, stroke, width: 1.6, points: { show: x.length < 3 }, value: (u, v) => v == null ? '–' : (Math.round(v * 100) / 100).toLocaleString() }))],
  }
  const plot = new uPlot(opts, [x, ...series.map((s) => s[2])], box)
  addEventListener('resize', () => plot.setSize({ width: box.clientWidth - 12, height: 260 }))
}
const of = (get) => points.map(get)
/** A logarithmic axis has no zero, and a second without messages no latency. */
const latency = (which, percentile) => of((p) => p[which].count === 0 ? null : Math.max(0.01, p[which][percentile]))
const percentiles = (which) => [['p50', '#1f77b4', latency(which, 'p50')], ['p99', '#ff7f0e', latency(which, 'p99')], ['p99.9', '#d62728', latency(which, 'p999')], ['max', '#9467bd', latency(which, 'max')]]
chart('Messages per second', seconds, [['sent', '#7f7f7f', of((p) => p.sent)], ['acknowledged', '#1f77b4', of((p) => p.acknowledged)], ['delivered', '#2ca02c', of((p) => p.delivered)]], 'per second')
chart('Latency to the peer, from the intended time', seconds, percentiles('deliveredAfter'), 'latency', { log: true })
chart('Latency to the acknowledgement', seconds, percentiles('acknowledgedAfter'), 'latency', { log: true })
chart('Messages in flight', seconds, [['in flight', '#1f77b4', of((p) => p.inFlight)]], 'messages')
chart('Connections', seconds, [['connections', '#1f77b4', of((p) => p.connections)], ['reconnects in this second', '#ff7f0e', of((p) => p.reconnects)]], 'connections')
chart('Errors in this second', seconds, [['errors', '#d62728', of((p) => p.errors)]], 'errors')
if (points.some((p) => p.bytesUp + p.bytesDown > 0)) chart('Files, MB per second', seconds, [['up', '#1f77b4', of((p) => p.bytesUp / 1e6)], ['down', '#2ca02c', of((p) => p.bytesDown / 1e6)]], 'MB')
const tail = RESULT.distribution.filter(([p]) => p < 100)
chart('Distribution of latencies to the peer', tail.map(([p]) => Math.log10(1 / (1 - p / 100))), [['latency', '#1f77b4', tail.map(([, v]) => Math.max(0.01, v))]], 'latency', { log: true, xLabel: 'percentile', xValues: (u, splits) => splits.map((v) => +(100 * (1 - 10 ** -v)).toFixed(3) + '%') })
`
