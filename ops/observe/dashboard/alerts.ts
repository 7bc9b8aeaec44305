export interface Alert {
  readonly name: string
  readonly query: string
  /** It must hold for so long. */
  readonly for: string
  readonly severity: 'page' | 'ticket'
  readonly summary: string
  /** What to look at, and what to do. */
  readonly advice: string
}

export const alerts: readonly Alert[] = [
  {
    name: 'HeliographLagGrows',
    query:
      'sum by (group, topic) (heliograph_lag_records) > 1000 and sum by (group, topic) (deriv(heliograph_lag_records[5m])) > 0',
    for: '5m',
    severity: 'page',
    summary: '{{ $labels.group }} falls behind on {{ $labels.topic }}',
    advice: 'Look at the parts of a batch and at the stores; add an actors process where neither is slow.',
  },
  {
    name: 'HeliographActorParked',
    query: 'sum by (group, topic) (heliograph_parked_actors) > 0',
    for: '1m',
    severity: 'ticket',
    summary: '{{ $value }} actors of {{ $labels.group }} are parked',
    advice: 'heliograph dead-letters list shows why; unpark them once the cause is mended.',
  },
  {
    name: 'HeliographReopenStorm',
    query:
      'sum by (group) (increase(heliograph_reopenings_total[5m])) + sum by (group) (increase(heliograph_supersessions_total[5m])) > 20',
    for: '1m',
    severity: 'page',
    summary: 'Partitions of {{ $labels.group }} are opened again and again',
    advice: 'A store comes and goes, or two processes believe that they own the same partitions.',
  },
  {
    name: 'HeliographNotReady',
    query: 'max by (instance) (heliograph_ready) == 0',
    for: '1m',
    severity: 'page',
    summary: '{{ $labels.instance }} cannot do its work',
    advice: '/readyz of the process says why.',
  },
  {
    name: 'HeliographGone',
    query: 'up{job="heliograph"} == 0',
    for: '1m',
    severity: 'page',
    summary: '{{ $labels.instance }} does not answer',
    advice: 'Look at its log; whatever it owned has gone to others.',
  },
  {
    name: 'HeliographStoresFail',
    query: 'sum by (store) (rate(heliograph_store_failures_total[5m])) > 1',
    for: '2m',
    severity: 'page',
    summary: 'Calls to {{ $labels.store }} fail',
    advice: 'Nothing is lost, but clients are told to try again.',
  },
  {
    name: 'HeliographCallsFail',
    query:
      'sum(rate(heliograph_call_errors_total{code="500"}[5m])) > 0.05 * sum(rate(heliograph_call_seconds_count[5m]))',
    for: '5m',
    severity: 'page',
    summary: 'More than one call in twenty fails by a fault of the server',
    advice: 'The log of the gateways says which, and why.',
  },
]

/** The file that Prometheus reads. JSON strings are YAML strings, so no value needs rules of quoting of its own. */
export function alertRules(): string {
  const rule = ({ name, query, for: duration, severity, summary, advice }: Alert) => [
    `      - alert: ${name}`,
    `        expr: ${JSON.stringify(query)}`,
    `        for: ${duration}`,
    `        labels: { severity: ${severity} }`,
    '        annotations:',
    `          summary: ${JSON.stringify(summary)}`,
    `          description: ${JSON.stringify(advice)}`,
  ]
  const head = ['# Written by `npm run dashboard`.', 'groups:', '  - name: heliograph', '    rules:']
  return `${[...head, ...alerts.flatMap(rule)].join('\n')}\n`
}
