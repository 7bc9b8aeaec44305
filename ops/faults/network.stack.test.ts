import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { createInterface, type Interface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RoleNetwork } from './network.ts'

/** Not a block of the faults' own: those are of process ids modulo 256, and nothing else uses the last network of one. */
const NUMBER = 63
/** Far longer than an echo takes that is not cut off. */
const CUT_MS = 700

/** Inside the network: connects to the port on loopback, and prints what comes; each line of input goes out. */
const PROGRAM = `
const socket = require('node:net').connect(Number(process.argv[1]), '127.0.0.1')
process.stdin.pipe(socket).pipe(process.stdout)
socket.on('error', (error) => { console.log(error.code); process.exit(1) })
`

describe('the network of a role', () => {
  let network: RoleNetwork
  let server: Server
  let client: ChildProcess
  let lines: Interface
  let port: number
  beforeAll(async () => {
    server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
    network = await RoleNetwork.make(process.pid % 256, NUMBER)
    const [command = '', ...prefix] = network.prefix
    client = spawn(command, [...prefix, process.execPath, '-e', PROGRAM, String(port)])
    lines = createInterface(client.stdout!)
  })
  afterAll(async () => {
    client.kill()
    await network.remove()
    server.close()
  })

  const heard = async () => (await once(lines, 'line'))[0] as string

  it('reaches the servers on loopback of this machine', async () => {
    client.stdin!.write('one\n')
    expect(await heard()).toBe('one')
  })

  it('swallows what goes to a port that is cut, and hands it on when that is over', async () => {
    await network.cut(port)
    client.stdin!.write('two\n')
    const first = await Promise.race([
      heard(),
      new Promise((resolve) => setTimeout(resolve, CUT_MS, 'nothing')),
    ])
    expect(first).toBe('nothing')
    const late = heard()
    await network.heal()
    expect(await late).toBe('two')
  })

  it('passes nothing while its cable is out', async () => {
    await network.unplug()
    client.stdin!.write('three\n')
    const first = await Promise.race([
      heard(),
      new Promise((resolve) => setTimeout(resolve, CUT_MS, 'nothing')),
    ])
    expect(first).toBe('nothing')
    const late = heard()
    await network.heal()
    expect(await late).toBe('three')
  })
})
