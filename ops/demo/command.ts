import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { type Endpoints, readEndpoints } from '../start/endpoints.ts'
import { followCodes } from '../start/operator-socket.ts'
import { parseStartOptions } from '../start/options/options.ts'
import { serve } from '../start/serve.ts'
import { type CodeSource, runDemo } from './demo.ts'
import { terminalSvg } from './picture.ts'

const OWN_CODE = '12345'

interface DemoFlags {
  readonly data?: string
  readonly svg?: string
}

interface Stage {
  readonly endpoints: Endpoints
  readonly codeFor: CodeSource
  close(): Promise<void>
}

/** `heliograph demo`: two mtcute clients, side by side, on the running server or on one of its own. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('two unmodified clients sign up and talk; each one’s view, side by side')
    .option('--data <dir>', 'data directory of the server to use, if it runs (HELIOGRAPH_DATA)')
    .option('--svg <file>', 'also write what is shown as a picture')
    .action(async (flags: DemoFlags) => {
      const { data } = parseStartOptions(flags.data === undefined ? {} : { data: flags.data }, process.env)
      const stage = (await runningServer(data)) ?? (await ownServer())
      const lines: string[] = []
      const write = (line: string) => {
        lines.push(line)
        console.log(line)
      }
      try {
        await runDemo(stage.endpoints, stage.codeFor, write)
        if (flags.svg !== undefined) await writeFile(flags.svg, terminalSvg(lines))
      } finally {
        await stage.close()
      }
    })
}

/** The server that runs on the data directory, with the codes that its terminal shows. */
async function runningServer(data: string): Promise<Stage | undefined> {
  const follower = await followCodes(data).catch(() => undefined)
  if (follower === undefined) return undefined
  const endpoints = await readEndpoints(data)
  console.log(`using the server that runs at ${endpoints.tcp}\n`)
  return { endpoints, codeFor: follower.codeFor, close: async () => follower.close() }
}

async function ownServer(): Promise<Stage> {
  const data = await mkdtemp(join(tmpdir(), 'heliograph-demo-'))
  const address = '127.0.0.1:0'
  const flags = { data, tcp: address, http: address, loginCode: OWN_CODE, warmUp: '0', logLevel: 'warn' }
  const server = await serve(parseStartOptions(flags, {}), () => {})
  console.log(`no server runs here: started one at ${server.endpoints.tcp}, for the demo only\n`)
  return {
    endpoints: server.endpoints,
    codeFor: async () => OWN_CODE,
    close: async () => {
      await server.stop()
      await rm(data, { recursive: true, force: true })
    },
  }
}
