import type { RecordCodec } from '@heliograph/schemas/avro'
import type { Blobs, Bus, Keyring, StateCache, Tables } from '@heliograph/storage'
import type { Log } from '@heliograph/topics'
import type { Derivatives } from '../media/derivatives.ts'
import type { RandomBytes } from '../mtproto/ports.ts'
import type { GatewayObserver } from '../observer.ts'
import { startSweeping } from './account/sweep.ts'
import type { Mailer } from './auth/mailer.ts'
import { Commander } from './commander.ts'
import type { GatewayConfig } from './config.ts'
import { ChatDirectory } from './directory/chats.ts'
import { UserDirectory } from './directory/directory.ts'
import { LoggedAuthKeys } from './keys/auth-key-store.ts'
import { Hearing } from './updates/hearing.ts'

/** The part of pino that the gateway uses. Never given keys, codes, phone numbers or texts. */
export interface Logger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Shows log-in codes to whoever runs the server: it has no way to send a text message. */
export interface LoginCodes {
  show(phone: string, code: string): void
}

/** What the RPC layer is given. */
export interface GatewayPorts {
  readonly topics: Log
  readonly tables: Tables
  readonly cache: StateCache
  readonly bus: Bus
  readonly blobs: Blobs
  /** Absent: made where it is first needed, without ffmpeg. */
  readonly derivatives?: Derivatives | undefined
  readonly keyring: Keyring
  readonly codec: RecordCodec
  readonly config: GatewayConfig
  readonly loginCodes: LoginCodes
  /** Absent: codes that would be mailed are shown like log-in codes. */
  readonly mailer?: Mailer | undefined
  readonly random: RandomBytes
  readonly log: Logger
  readonly telemetry?: GatewayObserver | undefined
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
}

/** What handlers work with. */
export interface Services extends Omit<GatewayPorts, 'topics'> {
  readonly commands: Commander
  readonly directory: UserDirectory
  readonly chats: ChatDirectory
  readonly authKeys: LoggedAuthKeys
  readonly hearing: Hearing
  /** Resolves when everything that was to be read before the call survives a crash: reads run ahead of the disk. */
  durable(): Promise<void>
  /** Ends what runs in the background; calls that wait for an answer are refused. */
  close(): void
}

/** Subscribes to the node's answers and makes the services of one gateway. */
export async function createServices(ports: GatewayPorts): Promise<Services> {
  const commands = await Commander.start({ ...ports, node: ports.config.node })
  const directory = new UserDirectory(ports)
  const chats = new ChatDirectory(ports)
  const authKeys = new LoggedAuthKeys({ ...ports, commands })
  const { topics: _, ...shared } = ports
  const services: Services = {
    ...shared,
    commands,
    directory,
    chats,
    authKeys,
    hearing: new Hearing(),
    durable: () => ports.topics.barrier(),
    close() {
      stopSweeping()
      commands.close()
      directory.close()
      chats.close()
      authKeys.close()
    },
  }
  const stopSweeping = startSweeping(services)
  return services
}
