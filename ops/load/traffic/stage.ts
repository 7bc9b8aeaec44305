import type { LoadTarget } from '../../bench/load/user.ts'
import type { LoadClient } from '../client/client.ts'
import type { FileTraffic } from '../files/file-traffic.ts'
import type { Interruption } from '../measure/interruption.ts'
import type { Meter } from '../measure/meter.ts'
import type { Random } from '../pace/random.ts'
import type { Phones } from './phones.ts'
import type { Stream } from './stream.ts'

export interface Chat {
  readonly interruption: Interruption
  readonly streams: readonly [Stream, Stream]
}

/** What the activities of one process act on. */
export interface Stage {
  readonly clients: readonly LoadClient[]
  /** The most popular first. */
  readonly chats: readonly Chat[]
  readonly streams: readonly Stream[]
  readonly random: Random
  readonly meter: Meter
  readonly targets: readonly LoadTarget[]
  readonly phones: Phones
  readonly files: FileTraffic
}
