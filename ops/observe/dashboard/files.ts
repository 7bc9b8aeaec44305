import { join } from 'node:path'
import { alertRules } from './alerts.ts'
import { dashboard } from './dashboard.ts'

/** What is generated for operators, by its path in `ops/deploy`. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    [join('grafana', 'heliograph.json'), `${JSON.stringify(dashboard(), null, 2)}\n`],
    ['alerts.yml', alertRules()],
  ])
}
