import type { Ports } from './ports.ts'
import type { Launch } from './process/launch.ts'
import type { ServerName } from './versions.ts'

/** Says in a few words what goes on, for a progress display. */
export type Report = (text: string) => void

/** Where one server of one stack lives. */
export interface Place {
  /** Its own directory: configuration, log, data. */
  readonly dir: string
  /** The server's installed files, as `install` returned them. */
  readonly home: string
  readonly ports: Ports
}

/** One kind of server: how to get it, run it and tell that it works. */
export interface ServerSpec {
  readonly name: ServerName
  /** How long a start may take on a slow machine. */
  readonly readyMs: number
  /** How long one that was asked to end may take before it is killed. */
  readonly stopMs: number
  readonly wantedPorts: Ports
  /** Fetches what is missing; idempotent. Returns where it is. Throws with one line where something must be done by hand. */
  install(cache: string, report: Report): Promise<string>
  /** Writes the configuration (and what a first start needs) and returns what to run; data that is there stays. */
  prepare(place: Place): Promise<Launch>
  /** As clients name it: `host:port` or a URL. */
  endpoint(ports: Ports): string
  /** A real request, bounded in time; throws where the server does not answer it well. */
  check(ports: Ports): Promise<void>
}

/** How long one health request may take. */
export const CHECK_MS = 3_000
