import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { openEmbedded } from '../../start/embedded.ts'
import { CHATS } from './fill.ts'
import { type Phase, runReplay } from './run.ts'

const directory = mkdtempSync(join(tmpdir(), 'heliograph-bench-replay-test-'))
afterEach(() => rmSync(directory, { recursive: true, force: true }))

it('fills a store, replays it and finds every row equal', async () => {
  const stores = await openEmbedded(directory, () => {})
  const told: Phase[] = []
  try {
    const run = await runReplay({ ...stores, embedded: true, partitions: 2 }, 2_000, (phase) =>
      told.push(phase),
    )
    expect(run.differences).toBe(0)
    expect(told.map(({ name }) => name)).toEqual(['fill', 'replay', 'compare'])
    const [fill, replay, compare] = told as [Phase, Phase, Phase]
    expect(fill.count).toBe(2_000)
    // An event and two mailbox records of each message, and the accounts.
    expect(replay.count).toBeGreaterThanOrEqual(3 * 2_000 + 2 * CHATS)
    expect(compare.count).toBeGreaterThan(8 * 2_000)
    expect(fill.marks.at(-1)?.heapBytes).toBeGreaterThan(0)
  } finally {
    await stores.close()
  }
})
