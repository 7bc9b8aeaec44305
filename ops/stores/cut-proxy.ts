import { createServer, connect as dial, type Server, type Socket } from 'node:net'

/** A way to a server that can be cut off or stopped, to see what its clients make of that. */
export class CutProxy {
  readonly #server: Server
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  #mode: 'open' | 'stalled' | 'cut' = 'open'

  private constructor(server: Server) {
    this.#server = server
  }

  /** Listens on a free port and leads to `host:port`. */
  static async to(host: string, port: number): Promise<CutProxy> {
    const server = createServer()
    const proxy = new CutProxy(server)
    server.on('connection', (client) => proxy.#connected(client, dial(port, host)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }

  /** Ends all connections, and every new one at once. */
  cut(): void {
    this.#mode = 'cut'
    this.#endAll()
  }

  /** Connections stay and are taken, and nothing passes: a server that hangs. */
  stall(): void {
    this.#mode = 'stalled'
    for (const pair of this.#pairs) for (const socket of pair) socket.pause()
  }

  /** New connections pass again; those that were stalled end. */
  open(): void {
    if (this.#mode === 'stalled') this.#endAll()
    this.#mode = 'open'
  }

  async close(): Promise<void> {
    this.#endAll()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #endAll(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
    this.#pairs.clear()
  }

  #connected(client: Socket, server: Socket): void {
    const pair = [client, server] as const
    this.#pairs.add(pair)
    const end = () => {
      this.#pairs.delete(pair)
      for (const socket of pair) socket.destroy()
    }
    for (const socket of pair) socket.setNoDelay(true).on('error', end).on('close', end)
    if (this.#mode === 'cut') return end()
    client.pipe(server)
    server.pipe(client)
    if (this.#mode === 'stalled') for (const socket of pair) socket.unpipe().pause()
  }
}
