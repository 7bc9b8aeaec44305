import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** How a network fails: not at all, nothing passes, only requests pass, or every connection is closed and refused. */
export type NetworkState = 'whole' | 'stalled' | 'answers lost' | 'cut'

interface Pair {
  readonly client: Socket
  readonly server: Socket
}

/** A network between a client and a server, in this process, that fails when it is told to. */
export class FailingNetwork {
  readonly #target: { readonly host: string; readonly port: number }
  readonly #server: Server
  readonly #pairs = new Set<Pair>()
  #state: NetworkState = 'whole'

  private constructor(target: string) {
    const url = new URL(`tcp://${target}`)
    this.#target = { host: url.hostname, port: Number(url.port) }
    this.#server = createServer((client) => this.#accept(client))
  }

  /** @param target `host:port` of the server */
  static async to(target: string): Promise<FailingNetwork> {
    const network = new FailingNetwork(target)
    network.#server.listen(0, '127.0.0.1')
    await once(network.#server, 'listening')
    return network
  }

  /** Where the client connects to, `host:port`. */
  get address(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the network is closed')
    return `127.0.0.1:${address.port}`
  }

  become(state: NetworkState): void {
    this.#state = state
    for (const pair of this.#pairs) this.#apply(pair)
  }

  /** Closes all connections and accepts new ones. */
  reset(): void {
    this.become('cut')
    this.become('whole')
  }

  async close(): Promise<void> {
    this.become('cut')
    this.#server.close()
    await once(this.#server, 'close')
  }

  #accept(client: Socket): void {
    const pair = { client, server: connect(this.#target) }
    this.#pairs.add(pair)
    for (const socket of [client, pair.server]) {
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => this.#end(pair))
    }
    client.on('data', (bytes) => void pair.server.write(bytes))
    pair.server.on('data', (bytes) => {
      if (this.#state !== 'answers lost') client.write(bytes)
    })
    this.#apply(pair)
  }

  #apply(pair: Pair): void {
    if (this.#state === 'cut') return this.#end(pair)
    for (const socket of [pair.client, pair.server]) {
      if (this.#state === 'stalled') socket.pause()
      else socket.resume()
    }
  }

  #end(pair: Pair): void {
    pair.client.destroy()
    pair.server.destroy()
    this.#pairs.delete(pair)
  }
}
