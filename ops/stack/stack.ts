import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { StackEndpoints } from './endpoints.ts'
import { cacheDir, endpointsFile } from './places.ts'
import { withLock } from './process/lock.ts'
import { writeWhole } from './record.ts'
import { openServer, type ServerHandle } from './server.ts'
import { SPECS } from './servers/specs.ts'
import { SERVER_NAMES, type ServerName } from './versions.ts'

/** What to do for each server, side by side. Ends when all have ended; throws the first failure. */
export type RunAll = (work: Readonly<Partial<Record<ServerName, () => Promise<void>>>>) => Promise<void>

/** Which servers, and where. */
export interface StackOptions {
  /** The directory of data, logs and process records. */
  readonly dir: string
  /** All five unless given. */
  readonly only?: readonly ServerName[] | undefined
  /** Where installed servers are kept; `cacheDir()` unless given. */
  readonly cache?: string | undefined
  /** Hears what each server's start or stop is at. */
  readonly report?: ((server: ServerName, text: string) => void) | undefined
  /** How the servers are worked on side by side; a progress display wraps it. */
  readonly runAll?: RunAll | undefined
}

/** The servers of one directory. They outlive this object and its process. */
export interface Stack {
  readonly dir: string
  /** Of the chosen servers, those that were opened. */
  readonly servers: Readonly<Partial<Record<ServerName, ServerHandle>>>
  /** The handle of a server; throws where it is not one of the chosen. */
  server(name: ServerName): ServerHandle
  /** Of all that run. */
  readonly endpoints: Partial<StackEndpoints>
  /** The file that names them, for `readStack`. */
  readonly file: string
  /** Ends the chosen servers; `wipe` also removes their data and logs. */
  down(options?: { readonly wipe?: boolean }): Promise<void>
}

/** The servers of a directory as they are; starts nothing. */
export async function findStack(options: StackOptions): Promise<LocalStack> {
  const dir = resolve(options.dir)
  await mkdir(dir, { recursive: true })
  const names = options.only ?? SERVER_NAMES
  const handles = await Promise.all(names.map((name) => open(name, dir, options)))
  const servers = Object.fromEntries(handles.map((handle) => [handle.name, handle]))
  return new LocalStack(dir, servers, options.runAll ?? sideBySide)
}

/**
 * Installs and starts what is missing, waits until all chosen servers are healthy, and writes their endpoints. Idempotent; one
 * process at a time works on a directory. Throws with the first failure when all have come to an end; what is healthy stays up.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  await mkdir(resolve(options.dir), { recursive: true })
  return withLock(resolve(options.dir), async () => {
    const stack = await findStack(options)
    try {
      await stack.each((server) => server.start())
    } finally {
      await writeEndpoints(stack.dir)
    }
    return stack
  })
}

const sideBySide: RunAll = async (work) => {
  const ends = await Promise.allSettled(Object.values(work).map((run) => run()))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

function open(name: ServerName, dir: string, options: StackOptions): Promise<ServerHandle> {
  const report = (text: string) => options.report?.(name, text)
  const install = () => SPECS[name].install(options.cache ?? cacheDir(), report)
  return openServer(SPECS[name], join(dir, name), install, report)
}

/** Names all that run in the directory, chosen or not. */
async function writeEndpoints(dir: string): Promise<void> {
  const { endpoints } = await findStack({ dir })
  if (Object.keys(endpoints).length === 0) return rm(endpointsFile(dir), { force: true })
  await writeWhole(endpointsFile(dir), `${JSON.stringify(endpoints, null, 2)}\n`)
}

class LocalStack implements Stack {
  readonly dir: string
  readonly servers: Readonly<Partial<Record<ServerName, ServerHandle>>>

  readonly #runAll: RunAll

  constructor(dir: string, servers: Partial<Record<ServerName, ServerHandle>>, runAll: RunAll) {
    this.dir = dir
    this.servers = servers
    this.#runAll = runAll
  }

  /** Does the same for each chosen server. */
  each(work: (server: ServerHandle) => Promise<void>): Promise<void> {
    const entries = Object.entries(this.servers).map(([name, server]) => [name, () => work(server)])
    return this.#runAll(Object.fromEntries(entries))
  }

  get file(): string {
    return endpointsFile(this.dir)
  }

  server(name: ServerName): ServerHandle {
    const server = this.servers[name]
    if (server === undefined) throw new Error(`${name} is not one of the servers that were chosen`)
    return server
  }

  get endpoints(): Partial<StackEndpoints> {
    const at = (name: ServerName) => {
      const server = this.servers[name]
      return server?.pid === undefined ? undefined : server.endpoint
    }
    return endpointsOf(at)
  }

  async down({ wipe = false } = {}): Promise<void> {
    await withLock(this.dir, async () => {
      await this.each(async (server) => {
        await server.stop()
        if (wipe) await rm(join(this.dir, server.name), { recursive: true, force: true })
      })
      await writeEndpoints(this.dir)
    })
  }
}

/** The form that the clients of the servers take, from where each is. */
export function endpointsOf(at: (name: ServerName) => string | undefined): Partial<StackEndpoints> {
  const list = (name: ServerName) => {
    const endpoint = at(name)
    return endpoint === undefined ? undefined : [endpoint]
  }
  const all = {
    ...{ kafka: list('kafka'), cassandra: list('cassandra'), redis: list('redis') },
    ...{ seaweedfs: at('seaweedfs'), registry: at('registry') },
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
