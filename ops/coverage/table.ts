import type { Handlers } from '@heliograph/gateway/rpc'
import type { MethodName } from '@heliograph/schemas/tl'
import { REFUSAL_REASONS, whyRefused } from './refused.ts'

export type CoverageStatus = 'works' | 'empty' | 'refused'

export interface CoveredMethod {
  readonly name: MethodName
  readonly status: CoverageStatus
}

/** What the coverage is read from. */
export interface CoverageFacts {
  readonly layer: number
  /** All methods of the layer. */
  readonly methods: readonly MethodName[]
  readonly handlers: Handlers
  /** Methods that are served before the handlers are asked. */
  readonly bySession: readonly MethodName[]
}

const STATUSES: readonly (readonly [CoverageStatus, string])[] = [
  ['works', 'works'],
  ['empty', 'answers empty by design'],
  ['refused', 'refused'],
]
/** Methods without a namespace wrap others. */
const WRAPPERS = 'wrappers'

/** Each method of the layer with what a client gets from it. */
export function coverageOf({ methods, handlers, bySession }: CoverageFacts): CoveredMethod[] {
  const served = new Set(bySession)
  return methods.map((name) => {
    const status = served.has(name) ? 'works' : (handlers[name]?.status ?? 'refused')
    return { name, status }
  })
}

/** The table as Markdown: counts first, then a section for each namespace. */
export function coverageTable(facts: CoverageFacts): string {
  const covered = coverageOf(facts)
  const sections = [...byNamespace(covered)].map(([namespace, methods]) => section(namespace, methods))
  return `${[header(facts.layer, covered), ...sections].join('\n\n')}\n`
}

function header(layer: number, covered: readonly CoveredMethod[]): string {
  const counts = STATUSES.map(([status, words]) => `| ${words} | ${count(covered, status)} |`)
  return [
    '# Coverage of the API',
    '',
    `Every method of layer ${layer}, the newest, generated from the code by \`npm run coverage-table\`.`,
    '',
    '| status | methods |',
    '| --- | ---: |',
    ...counts,
    `| all | ${covered.length} |`,
    '',
    '*Works*: does what the method is for. *Answers empty by design*: the feature does not exist here, and the answer is that',
    'of an account that never used it. *Refused*: an error, `METHOD_INVALID` (`USER_BOT_REQUIRED` for methods of bots); what the methods',
    'belong to, and is not offered, stands beside.',
    'The Bot API is not served yet: 0 of its methods.',
  ].join('\n')
}

function section(namespace: string, methods: readonly CoveredMethod[]): string {
  const rows = STATUSES.flatMap(([status, words]) => {
    const names = methods.filter((method) => method.status === status).map(({ name }) => name)
    return status === 'refused' ? refusedRows(words, names) : row(words, names)
  })
  return [`## ${namespace}`, '', '| status | | methods |', '| --- | ---: | --- |', ...rows].join('\n')
}

/** A row for each reason, and one for what is refused without. */
function refusedRows(words: string, names: readonly MethodName[]): string[] {
  const refusedFor = (reason: string | undefined) => names.filter((name) => whyRefused(name) === reason)
  return [
    ...REFUSAL_REASONS.flatMap((reason) => row(`${words}: ${reason}`, refusedFor(reason))),
    ...row(words, refusedFor(undefined)),
  ]
}

function row(words: string, names: readonly MethodName[]): string[] {
  return names.length === 0 ? [] : [`| ${words} | ${names.length} | ${names.map(shortName).join(', ')} |`]
}

function byNamespace(covered: readonly CoveredMethod[]): Map<string, CoveredMethod[]> {
  const spaces = new Map<string, CoveredMethod[]>()
  for (const method of covered) {
    const space = method.name.includes('.') ? method.name.slice(0, method.name.indexOf('.')) : WRAPPERS
    const methods = spaces.get(space)
    if (methods === undefined) spaces.set(space, [method])
    else methods.push(method)
  }
  return new Map([...spaces].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const shortName = (name: string): string => name.slice(name.indexOf('.') + 1)

function count(covered: readonly CoveredMethod[], status: CoverageStatus): number {
  return covered.filter((method) => method.status === status).length
}
