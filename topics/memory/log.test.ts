import { describe, expect, it } from 'vitest'
import { describeLog } from '../log.contract.ts'
import { topicDefinitions } from '../topic.ts'
import { type LogStep, MemoryLog } from './log.ts'
import { MemoryLogState } from './state.ts'

describeLog('MemoryLog', async () => {
  const state = new MemoryLogState()
  let log = new MemoryLog(state)
  return {
    log,
    reopen: async () => {
      await log.close()
      log = new MemoryLog(state)
      return log
    },
    dispose: () => log.close(),
  }
})

describe('MemoryLog', () => {
  it('lets a fault stand in for a step or for its answer', async () => {
    const state = new MemoryLogState()
    const seen: LogStep[] = []
    let crash: LogStep['when'] | undefined
    const log = new MemoryLog(state, async (step) => {
      seen.push(step)
      if (step.when === crash) throw new Error('crash')
    })
    await log.createTopics(topicDefinitions(1))
    const record = { key: 'k', value: Buffer.from('v'), timestampMs: 0 }
    crash = 'before'
    await expect(log.append('chat.events', 0, [record])).rejects.toThrow('crash')
    expect(state.partition('chat.events', 0).records.length).toBe(0)
    crash = 'after'
    await expect(log.append('chat.events', 0, [record])).rejects.toThrow('crash')
    expect(state.partition('chat.events', 0).records.length).toBe(1)
    expect(seen.map((step) => step.operation)).toEqual(['create', 'create', 'append', 'append', 'append'])
  })
})
