import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import {
  GenericContainer,
  getContainerRuntimeClient,
  type StartedTestContainer,
  type WaitStrategy,
} from 'testcontainers'
import type { Contained } from './contained.ts'
import { LOOPBACK, type Ports, portOf } from './ports.ts'
import { waitReady } from './process/wait.ts'

/** Of the end of a container's log, that an error shows. */
const LOG_LINES = 10

/** A server's own check says when it is ready: testcontainers is to wait for nothing before it. */
const AT_ONCE: WaitStrategy = {
  waitUntilReady: async () => {},
  withStartupTimeout: () => AT_ONCE,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
}

/**
 * A server's image as a container. Its port is open on loopback only, where testcontainers would open it on every address of the
 * machine; and it is chosen beforehand, since Kafka and Cassandra tell clients where they are.
 */
export class ServerContainer extends GenericContainer {
  readonly #image: string
  readonly #log: string[] = []
  #id: string | undefined
  #ended = false

  constructor({ image, purpose, port, environment, command }: Contained, ports: Ports) {
    const host = portOf(ports, purpose)
    super(image)
    this.#image = image
    this.withExposedPorts({ container: port ?? host, host })
      .withEnvironment(environment(host))
      .withWaitStrategy(AT_ONCE)
      .withLogConsumer((stream) => this.#follow(stream))
    if (command !== undefined) this.withCommand([...command])
  }

  protected override async beforeContainerCreated(): Promise<void> {
    for (const bindings of Object.values<{ HostIp?: string }[]>(this.hostConfig.PortBindings))
      for (const binding of bindings) binding.HostIp = LOOPBACK
  }

  protected override async containerCreated(id: string): Promise<void> {
    this.#id = id
  }

  /** Throws with one line that names the image where Docker cannot run it; nothing is left of the container then. */
  override async start(): Promise<StartedTestContainer> {
    return super.start().catch(async (error: unknown) => {
      await this.#remove()
      throw new Error(`Docker cannot run ${this.#image}: ${messageOf(error)}`, { cause: error })
    })
  }

  /** Until the check passes; throws with the end of the log where the container has ended, or the time is over. */
  async untilHealthy(check: () => Promise<void>, timeoutMs: number): Promise<void> {
    const unready = await waitReady(() => !this.#ended, check, timeoutMs)
    if (unready === undefined) return
    const what = unready.reason === 'ended' ? 'ended' : `is not healthy after ${timeoutMs / 1000} s`
    throw new Error([`the container of ${this.#image} ${what}`, ...this.#log].join('\n  '), {
      cause: unready.last,
    })
  }

  async #remove(): Promise<void> {
    if (this.#id === undefined) return
    const { container } = await getContainerRuntimeClient()
    await container.remove(container.getById(this.#id), { removeVolumes: true })
  }

  #follow(stream: Readable): void {
    createInterface({ input: stream })
      .on('line', (line) => {
        this.#log.push(line)
        if (this.#log.length > LOG_LINES) this.#log.shift()
      })
      .on('close', () => {
        this.#ended = true
      })
  }
}

/** Docker's answers are lines of their own, some with a space behind. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/\s+/g, ' ').trim()
}
