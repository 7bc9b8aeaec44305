import type { RecordCodec } from '@heliograph/schemas/avro'
import { MemoryKeyStore, MemoryStateCache } from '@heliograph/storage'
import type { Ports } from '../../start/compose.ts'
import type { Plan } from '../plan.ts'
import { Exchange } from '../stores/bus.ts'
import { Disk } from '../stores/disk.ts'
import { Coordinator } from '../stores/groups.ts'
import { Network } from '../stores/network.ts'
import { Weather } from '../stores/weather.ts'
import { Timeline } from './timeline.ts'

/** What a process is given. */
export type Parts = Ports & { readonly codec: RecordCodec }
/** Stands between a process and its stores, to plant a defect. */
export type Defect = (parts: Parts) => Parts

/** Everything that is not a process or a client: time, the stores, and what lies between. */
export class World {
  readonly plan: Plan
  readonly codec: RecordCodec
  readonly time: Timeline
  readonly disk: Disk
  readonly network: Network
  readonly weather: Weather
  readonly exchange: Exchange
  readonly coordinator: Coordinator
  /** Wrapped data keys. */
  readonly keys = new MemoryKeyStore()
  readonly defect: Defect | undefined
  /** Faults of ours that showed: each fails the run. */
  readonly bugs: string[] = []
  /** Log-in codes as they were shown, by phone number. */
  readonly codes = new Map<string, string>()
  /** What came about, in a few words each. */
  readonly sights = new Set<string>()
  /** Everything that was ever written to the cache. */
  readonly cached: Buffer[] = []
  cache: MemoryStateCache

  constructor(plan: Plan, codec: RecordCodec, options: { defect?: Defect | undefined; keepLines?: boolean }) {
    this.plan = plan
    this.codec = codec
    this.defect = options.defect
    this.time = new Timeline(plan.seed, options.keepLines ?? false)
    this.disk = new Disk(this.time, plan.partitions)
    this.network = new Network(this.time)
    this.weather = new Weather(plan, this.network, this.disk)
    this.exchange = new Exchange(this.network, this.weather)
    this.coordinator = new Coordinator(this.network, plan.partitions, plan.model === 'shared')
    this.cache = this.newCache()
  }

  /** An empty state cache. */
  newCache(): MemoryStateCache {
    return new MemoryStateCache(() => this.time.clockMs(undefined))
  }

  see(sight: string): void {
    this.sights.add(sight)
  }
}
