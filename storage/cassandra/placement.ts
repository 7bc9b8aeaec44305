import type { CassandraSession } from './session.ts'

/** How many copies of each row a data centre keeps. */
export type Replication = Readonly<Record<string, number>>

/** Where no replication is asked for: a copy on each node, up to three. */
const DEFAULT_COPIES = 3

export function defaultReplication(session: CassandraSession): Replication {
  return { [session.localDataCenter]: Math.min(DEFAULT_COPIES, Math.max(1, session.localNodes)) }
}

/** What an operator should know of a keyspace that keeps fewer copies than its nodes could; undefined where there is nothing. */
export function fewCopies(keyspace: string, copies: number, nodes: number): string | undefined {
  const possible = Math.min(DEFAULT_COPIES, nodes)
  if (copies >= possible) return undefined
  return `keyspace ${keyspace} keeps copies of each row on ${copies} of ${nodes} nodes, fewer than ${possible}: see "Clusters" in docs/operating.md`
}

/** Tells, as nodes come and go, whether each node of the local data centre holds every row of a keyspace. */
export class Placement {
  readonly #session: CassandraSession
  readonly #copies: number
  #isEverywhere: boolean
  readonly #look = () => {
    this.#isEverywhere = this.#session.localNodes <= this.#copies
  }

  constructor(session: CassandraSession, copies: number) {
    this.#session = session
    this.#copies = copies
    this.#isEverywhere = session.localNodes <= copies
    session.client.on('hostAdd', this.#look)
    session.client.on('hostRemove', this.#look)
  }

  /** Then it is no matter which node is asked for which partition, and requests for several go together. */
  get isEverywhere(): boolean {
    return this.#isEverywhere
  }

  close(): void {
    this.#session.client.off('hostAdd', this.#look)
    this.#session.client.off('hostRemove', this.#look)
  }
}
