import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BINARY, ServerProcess } from './server.ts'

describe('a start', () => {
  let server: ServerProcess
  beforeAll(async () => {
    server = await ServerProcess.start()
  })
  afterAll(async () => {
    await server?.dispose()
  })

  /** Runs a start that cannot succeed; resolves to its exit code and what it said. */
  async function failing(...args: string[]): Promise<[number | null, string]> {
    const child = spawn(process.execPath, [BINARY, 'start', ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    const [code] = (await once(child, 'close')) as [number | null]
    return [code, said]
  }

  it('on an address that is in use ends at once, with one line', async () => {
    const data = await mkdtemp(join(tmpdir(), 'heliograph-e2e-'))
    const http = new URL(server.endpoints.http).host
    const [code, said] = await failing('--data', data, '--tcp', '127.0.0.1:0', '--http', http)
    expect(code).toBe(1)
    expect(said).toBe(`heliograph: cannot listen on ${http}: is the port in use?\n`)
    await rm(data, { recursive: true })
  })

  it('on data that another server uses ends at once, with one line', async () => {
    const [code, said] = await failing('--data', server.data, '--tcp', '127.0.0.1:0', '--http', '127.0.0.1:0')
    expect(code).toBe(1)
    expect(said).toMatch(/^heliograph: [^\n]+\n$/)
  })
})
