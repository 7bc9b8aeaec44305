import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getContainerRuntimeClient, getReaper, type StartedTestContainer } from 'testcontainers'
import { CONTAINED } from './contained.ts'
import { messageOf, ServerContainer } from './container.ts'
import { endpointsFile } from './places.ts'
import { choosePorts, type Ports } from './ports.ts'
import { SPECS } from './servers/specs.ts'
import { endpointsOf } from './stack.ts'
import { SERVER_NAMES, type ServerName } from './versions.ts'

const START_MS = 5 * 60_000

/** The five servers as containers of this process, on loopback. */
export interface Containers {
  /** The file that names them, for `readStack`. */
  readonly file: string
  stop(): Promise<void>
}

/** Starts the same versions with Docker; throws where Docker does not answer or one is not healthy in time. */
export async function startContainers(): Promise<Containers> {
  await checkDocker()
  const dir = await mkdtemp(join(tmpdir(), 'heliograph-containers-'))
  const started: StartedTestContainer[] = []
  const stop = async () => {
    await Promise.all(started.map((container) => container.stop()))
    await rm(dir, { recursive: true, force: true })
  }
  const start = async (name: ServerName, ports: Ports) => {
    const container = new ServerContainer(CONTAINED[name], ports)
    started.push(await container.start())
    await container.untilHealthy(() => SPECS[name].check(ports), START_MS)
  }
  const ports = await choosePorts(Object.fromEntries(SERVER_NAMES.map((name) => [name, 0])))
  const portsOf = (name: ServerName): Ports => ({ [CONTAINED[name].purpose]: ports[name] ?? 0 })
  const ends = await Promise.allSettled(SERVER_NAMES.map((name) => start(name, portsOf(name))))
  for (const end of ends)
    if (end.status === 'rejected') {
      await stop()
      throw end.reason
    }
  const file = endpointsFile(dir)
  await writeFile(file, JSON.stringify(endpointsOf((name) => SPECS[name].endpoint(portsOf(name)))))
  return { file, stop }
}

/** That Docker answers, and that what removes the containers of a process that was killed runs, or is not wanted. */
async function checkDocker(): Promise<void> {
  const docker = await getContainerRuntimeClient().catch((error: unknown) => {
    throw new Error('no Docker answers: start its daemon, or name it with DOCKER_HOST', { cause: error })
  })
  await getReaper(docker).catch((error: unknown) => {
    const without = 'TESTCONTAINERS_RYUK_DISABLED=true does without it'
    throw new Error(`Docker cannot run testcontainers' ryuk (${without}): ${messageOf(error)}`, {
      cause: error,
    })
  })
}
