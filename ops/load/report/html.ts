import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { LoadResult } from '../result.ts'
import { PAGE_SCRIPT, PAGE_STYLE } from './page.ts'
import { textReport } from './text.ts'

const require = createRequire(import.meta.url)

/** The result as one HTML file that needs nothing else: figures, charts over time, distribution of latencies. */
export async function htmlReport(result: LoadResult): Promise<string> {
  const [script, style] = await Promise.all([
    readFile(require.resolve('uplot/dist/uPlot.iife.min.js'), 'utf8'),
    readFile(require.resolve('uplot/dist/uPlot.min.css'), 'utf8'),
  ])
  const figures = { timeline: result.timeline, distribution: result.distribution }
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Heliograph load: ${result.ok ? 'OK' : 'WRONG'}</title>
<style>${style}${PAGE_STYLE}</style>
<h1>Heliograph under load <span class="${result.ok ? 'ok' : 'wrong'}">${result.ok ? 'OK' : 'WRONG'}</span></h1>
<pre>${escaped(textReport(result).join('\n').trim())}</pre>
<main id="charts"></main>
<details><summary>Scenario</summary><pre>${escaped(JSON.stringify(result.scenario, null, 2))}</pre></details>
<script>${script}</script>
<script>const RESULT = ${inScript(figures)};${PAGE_SCRIPT}</script>
</html>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** JSON that cannot end the script that it stands in. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}
