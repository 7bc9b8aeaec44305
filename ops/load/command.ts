import { readFile, writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { htmlReport } from './report/html.ts'
import { liveView } from './report/live.ts'
import { textReport } from './report/text.ts'
import type { LoadResult } from './result.ts'
import { runLoad } from './run-load.ts'
import { parseMix, parseScenario, type Scenario } from './scenario.ts'
import { readTargets } from './targets.ts'

interface LoadFlags {
  readonly server?: readonly string[]
  readonly tcp?: readonly string[]
  readonly key?: string
  readonly loginCode: string
  readonly scenario?: string
  readonly json?: string
  readonly html?: string
  readonly mix?: string
  readonly faultsExpected?: true
  readonly [flag: string]: unknown
}

/** Flag and setting of a scenario, both of them numbers or names as they are. */
const SETTINGS = [
  ['--users <n>', 'users', 'people, each with a connection (40)'],
  ['--rate <n>', 'rate', 'messages per second, all together (100)'],
  ['--ramp <seconds>', 'rampSeconds', 'time in which the rate grows from nothing (0)'],
  ['--duration <seconds>', 'durationSeconds', 'how long messages are sent (30)'],
  ['--arrivals <process>', 'arrivals', 'poisson or constant (poisson)'],
  ['--in-flight <n>', 'inFlight', 'closed loop: so many messages under way, whatever the rate'],
  ['--processes <n>', 'processes', 'load processes (1)'],
  ['--seed <n>', 'seed', 'of everything that is drawn (1)'],
  ['--drain <seconds>', 'drainSeconds', 'how long the last messages may take (30)'],
  ['--request-timeout <seconds>', 'requestTimeoutSeconds', 'when a request counts as unanswered (15)'],
] as const

/** `heliograph load`: synthetic traffic on a running server, and a verdict. Exits with 1 when anything was wrong. */
export function loadCommand(): Command {
  const command = new Command('load')
    .description('put synthetic traffic on a running server and verify what comes back')
    .option('--server <file...>', 'endpoints.json of the server; several for several gateways')
    .option('--tcp <host:port...>', 'addresses of gateways, with --key')
    .option('--key <pem>', 'file of the server’s public RSA key')
    .option('--login-code <code>', 'the fixed log-in code that the server was started with', '12345')
    .option('--scenario <file>', 'JSON with the settings below and the details of the mix; flags win')
    .option(
      '--mix <list>',
      'private=8,typing=1,read=1,group=1,channel=1,media=0.1,sign-up=0.1,reconnect-storm=0.3,slow-reader=0.05',
    )
    .option('--faults-expected', 'interruptions and errors are no failure; loss, doubles and disorder are')
    .option('--json <file>', 'where the result goes as JSON')
    .option('--html <file>', 'where the report with charts goes')
  for (const [flag, , description] of SETTINGS) command.option(flag, description)
  return command.action(async (flags: LoadFlags) => {
    const scenario = await scenarioOf(flags)
    const targets = await readTargets(flags)
    const view = liveView(scenario, process.stderr)
    const result = await runLoad(scenario, targets, { onPoint: (point) => view.point(point) })
    view.end()
    for (const line of textReport(result)) console.log(line)
    await save(result, flags)
    process.exit(result.ok ? 0 : 1)
  })
}

async function scenarioOf(flags: LoadFlags): Promise<Scenario> {
  const file = flags.scenario === undefined ? {} : JSON.parse(await readFile(flags.scenario, 'utf8'))
  const input: Record<string, unknown> = { ...file }
  for (const [flag, setting] of SETTINGS) {
    const value = flags[optionName(flag)]
    if (value !== undefined) input[setting] = setting === 'arrivals' ? value : Number(value)
  }
  if (flags.mix !== undefined) input.mix = parseMix(flags.mix)
  if (flags.faultsExpected === true) input.faultsExpected = true
  return parseScenario(input)
}

/** `--in-flight <n>` → `inFlight`, as commander names it. */
function optionName(flag: string): string {
  const long = flag.slice(2).split(' ')[0] ?? ''
  return long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

async function save(result: LoadResult, { json, html }: LoadFlags): Promise<void> {
  if (json !== undefined) await writeFile(json, `${JSON.stringify(result, null, 2)}\n`)
  if (html !== undefined) await writeFile(html, await htmlReport(result))
}
