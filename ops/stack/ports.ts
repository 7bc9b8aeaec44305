import { createServer } from 'node:net'

/** A server's ports by what each is for. */
export type Ports = Readonly<Record<string, number>>

export const LOOPBACK = '127.0.0.1'

/** The port of a purpose that the server's specification names; an unknown purpose is a bug. */
export function portOf(ports: Ports, purpose: string): number {
  const port = ports[purpose]
  if (port === undefined) throw new Error(`no port for ${purpose}`)
  return port
}

/** The wanted ports where they are free on loopback, other free ones where not (or 0 is wanted); no two the same. */
export async function choosePorts(wanted: Ports): Promise<Ports> {
  const chosen: Record<string, number> = {}
  const used = new Set<number>()
  for (const [purpose, port] of Object.entries(wanted)) {
    const mayHave = port !== 0 && !used.has(port)
    const free = mayHave && (await bindable(port)) !== undefined ? port : await freePort(used)
    used.add(free)
    chosen[purpose] = free
  }
  return chosen
}

const MAX_TRIES = 20

async function freePort(used: ReadonlySet<number>): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const port = await bindable(0)
    if (port !== undefined && !used.has(port)) return port
  }
  throw new Error('no free port on 127.0.0.1')
}

/** Binds the port (0: any) for a moment; undefined where it is taken. */
function bindable(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      const address = server.address()
      const bound = typeof address === 'object' ? address?.port : undefined
      server.close(() => resolve(bound))
    })
  })
}
