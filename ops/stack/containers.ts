import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GenericContainer, type StartedTestContainer } from 'testcontainers'
import { CONTAINED, type Contained } from './contained.ts'
import { endpointsFile } from './places.ts'
import { choosePorts, type Ports } from './ports.ts'
import { waitReady } from './process/wait.ts'
import { SPECS } from './servers/specs.ts'
import { endpointsOf } from './stack.ts'
import { SERVER_NAMES, type ServerName } from './versions.ts'

/** The first start pulls the images. */
const START_MS = 5 * 60_000

/** The five servers as containers of this process, on loopback. */
export interface Containers {
  /** The file that names them, for `readStack`. */
  readonly file: string
  stop(): Promise<void>
}

/** Starts the same versions with Docker; throws where Docker does not answer or one is not healthy in time. */
export async function startContainers(): Promise<Containers> {
  const dir = await mkdtemp(join(tmpdir(), 'heliograph-containers-'))
  const started: StartedTestContainer[] = []
  const stop = async () => {
    await Promise.all(started.map((container) => container.stop()))
    await rm(dir, { recursive: true, force: true })
  }
  const start = async (name: ServerName, ports: Ports) => {
    started.push(await newContainer(CONTAINED[name], ports).start())
    const unready = await waitReady(
      () => true,
      () => SPECS[name].check(ports),
      START_MS,
    )
    if (unready !== undefined)
      throw new Error(`the container of ${name} is not healthy`, { cause: unready.last })
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

/** On a port of the host that is chosen beforehand, since Kafka and Cassandra tell clients where they are. */
function newContainer(
  { image, purpose, port, environment, command }: Contained,
  ports: Ports,
): GenericContainer {
  const host = ports[purpose] ?? 0
  const inside = port ?? host
  const container = new GenericContainer(image)
    .withExposedPorts({ container: inside, host })
    .withEnvironment(environment(host))
    .withStartupTimeout(START_MS)
  return command === undefined ? container : container.withCommand([...command])
}
