import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cacheDir } from '../../stack/places.ts'
import { choosePorts, LOOPBACK } from '../../stack/ports.ts'
import { seaweedfs } from '../../stack/servers/seaweedfs.ts'

const START_MS = 60_000
const LOOK_MS = 200
/** `001`: each volume on one more server of the same rack. */
const REPLICATION = '001'

/** A SeaweedFS of its own that keeps everything twice: a master, two volume servers and a filer. */
export class ReplicatedSeaweed {
  readonly #directory = mkdtempSync(join(tmpdir(), 'heliograph-seaweed-'))
  readonly #processes: ChildProcess[] = []
  filer = ''
  master = ''

  static async start(): Promise<ReplicatedSeaweed> {
    const cluster = new ReplicatedSeaweed()
    await cluster.#start(await seaweedfs.install(cacheDir(), () => undefined))
    return cluster
  }

  async stop(): Promise<void> {
    for (const process of this.#processes) process.kill('SIGKILL')
    await Promise.all(this.#processes.map((process) => process.exitCode ?? once(process, 'exit')))
    rmSync(this.#directory, { recursive: true })
  }

  /** Turns a bit of what volume server 1 or 2 has of these bytes; how often they were found. */
  damage(server: 1 | 2, bytes: Buffer): number {
    const directory = join(this.#directory, `volume${server}`)
    let found = 0
    for (const name of readdirSync(directory).filter((each) => each.endsWith('.dat'))) {
      const content = readFileSync(join(directory, name))
      const at = content.indexOf(bytes)
      if (at < 0) continue
      found += 1
      content[at]! ^= 1
      writeFileSync(join(directory, name), content)
    }
    return found
  }

  async #start(weed: string): Promise<void> {
    const ports = await choosePorts({
      m: 29333,
      mg: 39333,
      a: 28881,
      ag: 38881,
      b: 28882,
      bg: 38882,
      f: 28888,
      fg: 38888,
    })
    const run = (role: string, port: string, ...args: string[]) => {
      const home = join(this.#directory, role)
      mkdirSync(home)
      const bound = [`-ip=${LOOPBACK}`, `-port=${ports[port]}`, `-port.grpc=${ports[`${port}g`]}`]
      const all = [role.replace(/\d$/, ''), ...bound, ...args.map((arg) => arg.replace('HOME', home))]
      this.#processes.push(spawn(weed, all, { cwd: home, stdio: 'ignore' }))
    }
    const master = `${LOOPBACK}:${ports.m}.${ports.mg}`
    run(
      'master',
      'm',
      '-mdir=HOME',
      `-defaultReplication=${REPLICATION}`,
      '-volumeSizeLimitMB=64',
      '-electionTimeout=1s',
      '-telemetry=false',
    )
    const volume = ['-dir=HOME', `-master=${master}`, '-max=20', '-preStopSeconds=0']
    run('volume1', 'a', ...volume)
    run('volume2', 'b', ...volume)
    run('filer', 'f', `-master=${master}`, '-defaultStoreDir=HOME')
    this.filer = `http://${LOOPBACK}:${ports.f}`
    this.master = `http://${LOOPBACK}:${ports.m}`
    await this.#ready()
  }

  /** Until both volume servers are there, a file cannot be written. */
  async #ready(): Promise<void> {
    const giveUpMs = Date.now() + START_MS
    while (Date.now() < giveUpMs) {
      const answer = await fetch(`${this.filer}/ready`, { method: 'PUT', body: 'ready' }).catch(
        () => undefined,
      )
      if (answer?.ok) return
      await sleep(LOOK_MS)
    }
    throw new Error('SeaweedFS did not start')
  }
}
