import { describe, expect, it } from 'vitest'
import { describeLog } from '../log.contract.ts'
import type { Log, Offset } from '../log.ts'
import { topicDefinitions } from '../topic.ts'
import { LmdbLog } from './log.ts'
import type { LogSpace, LogStore } from './log-store.ts'
import { MAX_TAIL_RECORDS } from './tail.ts'

/** The shared store, in memory. The log over the real one is proven in `ops/stores`. */
class MemorySpace implements LogSpace {
  readonly #entries = new Map<string, Buffer>()

  copy(key: string): Buffer | undefined {
    return this.#entries.get(key)
  }

  put(key: string, value: Buffer): void {
    this.#entries.set(key, value)
  }

  remove(key: string): void {
    this.#entries.delete(key)
  }

  range(lower: string, upper: string, descending = false) {
    const found = [...this.#entries].filter(([key]) => key >= lower && key < upper)
    found.sort(([a], [b]) => (a < b ? -1 : 1))
    if (descending) found.reverse()
    return found.map(([key, value]) => ({ key, value }))
  }
}

function memoryStore(): LogStore {
  const spaces = new Map<string, LogSpace>()
  return {
    space: (name) => spaces.get(name) ?? spaces.set(name, new MemorySpace()).get(name)!,
    barrier: async () => undefined,
    appended: async () => undefined,
    room: () => undefined,
  }
}

describeLog('LmdbLog over a store in memory', async () => {
  const store = memoryStore()
  let log = new LmdbLog(store)
  return {
    log,
    reopen: async () => {
      await log.close()
      log = new LmdbLog(store)
      return log
    },
    dispose: () => log.close(),
  }
})

const DAY_MS = 24 * 3600 * 1000
const all = { maxRecords: 10_000, maxBytes: 1 << 30 }

async function append(log: Log, topic: 'chat.commands' | 'chat.events', text: string, timestampMs: number) {
  await log.append(topic, 0, [{ key: 'k', value: Buffer.from(text), timestampMs }])
}

describe('LmdbLog', () => {
  it('drops commands after their retention, and never events', async () => {
    const store = memoryStore()
    let nowMs = 0
    const log = new LmdbLog(store, () => nowMs)
    await log.createTopics(topicDefinitions(1))
    for (const topic of ['chat.commands', 'chat.events'] as const) {
      for (let day = 0; day < 5; day++) await append(log, topic, `${day}`, day * DAY_MS)
    }
    nowMs = 9.5 * DAY_MS
    log.trim()
    expect(await log.start('chat.commands', 0)).toBe(3)
    expect(await log.start('chat.events', 0)).toBe(0)
    const again = new LmdbLog(store, () => nowMs)
    await again.createTopics(topicDefinitions(1))
    expect(await again.start('chat.commands', 0)).toBe(3)
    const cursor = again.open('chat.commands', 0, 0 as Offset)
    expect((await cursor.next(all)).map((record) => record.offset)).toEqual([3, 4])
    await Promise.all([log.close(), again.close()])
  })

  it('never forgets where a partition ends, though all of it is old', async () => {
    const store = memoryStore()
    const log = new LmdbLog(store, () => 100 * DAY_MS)
    await log.createTopics(topicDefinitions(1))
    await append(log, 'chat.commands', 'a', 0)
    await append(log, 'chat.commands', 'b', 0)
    log.trim()
    const again = new LmdbLog(store)
    await again.createTopics(topicDefinitions(1))
    expect(await again.end('chat.commands', 0)).toBe(2)
    await Promise.all([log.close(), again.close()])
  })

  it('gives what has left the memory from the store, without a seam', async () => {
    const log = new LmdbLog(memoryStore())
    await log.createTopics(topicDefinitions(1))
    const total = MAX_TAIL_RECORDS + 500
    for (let i = 0; i < total; i++) await append(log, 'chat.events', `${i}`, 0)
    const cursor = log.open('chat.events', 0, 400 as Offset)
    const read: string[] = []
    while (read.length < total - 400) {
      for (const record of await cursor.next({ maxRecords: 300, maxBytes: 1 << 20 })) {
        expect(record.value.toString()).toBe(`${record.offset}`)
        read.push(record.value.toString())
      }
    }
    expect(read[0]).toBe('400')
    expect(read.length).toBe(total - 400)
    await log.close()
  })
})
