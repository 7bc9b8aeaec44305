import {
  MemoryBlobs,
  MemoryBus,
  MemoryStateCache,
  MemoryTables,
  MemoryTablesState,
} from '@heliograph/storage'
import { describeBlobs, describeBus, describeStateCache, describeTables } from '@heliograph/storage/contract'
import { MemoryLog, MemoryLogState } from '@heliograph/topics'
import { describeLog } from '@heliograph/topics/contract'
import pino from 'pino'
import { createMetrics } from '../metrics.ts'
import { MeasuredBlobs } from './measured-blobs.ts'
import { MeasuredBus } from './measured-bus.ts'
import { MeasuredCache } from './measured-cache.ts'
import { MeasuredLog } from './measured-log.ts'
import { MeasuredTables } from './measured-tables.ts'
import { OwnedPartitions } from './owned-partitions.ts'

// Whoever is measured behaves as he did.
const log = pino({ level: 'silent' })
const metrics = createMetrics()

describeLog('MeasuredLog', async () => {
  const state = new MemoryLogState()
  const measured = () =>
    new MeasuredLog(new MemoryLog(state), metrics, { log, owned: new OwnedPartitions(), tracer: undefined })
  let current = measured()
  return {
    log: current,
    reopen: async () => {
      await current.close()
      current = measured()
      return current
    },
    dispose: () => current.close(),
  }
})

describeTables('MeasuredTables', async () => {
  const state = new MemoryTablesState()
  let nowMs = 0
  const make = () => new MeasuredTables(new MemoryTables(state, () => nowMs), metrics, log)
  return {
    tables: make(),
    setNow: (ms) => {
      nowMs = ms
    },
    reopen: async () => make(),
    dispose: async () => undefined,
  }
})

describeStateCache('MeasuredCache', async () => {
  let nowMs = 0
  const cache = new MeasuredCache(new MemoryStateCache(() => nowMs), metrics, log)
  return {
    cache,
    pass: async (ms) => {
      nowMs += ms
    },
    dispose: () => cache.close(),
  }
})

describeBus('MeasuredBus', async () => {
  const bus = new MeasuredBus(new MemoryBus(), metrics, log)
  return { bus, dispose: () => bus.close() }
})

describeBlobs('MeasuredBlobs', async () => ({
  blobs: new MeasuredBlobs(new MemoryBlobs(), metrics, log),
  dispose: async () => undefined,
}))
