import { expect, test } from 'vitest'
import type { Offset } from '../log.ts'
import { MemoryLog } from '../memory/log.ts'
import { topicDefinitions } from '../topic.ts'
import { lagOf } from './lag.ts'

test('the lag of a group is what it has before it', async () => {
  const log = new MemoryLog()
  await log.createTopics(topicDefinitions(2))
  const record = { key: 'k', value: Buffer.alloc(1), timestampMs: 0 }
  await log.append('chat.commands', 0, [record, record, record])
  await log.append('chat.commands', 1, [record])
  const member = await log.join('g', [], { assigned: () => undefined, revoked: async () => undefined })
  await member.commit('chat.commands', 0, 2 as Offset)
  expect(await lagOf(log, 'g', ['chat.commands'])).toEqual([
    { topic: 'chat.commands', partition: 0, start: 0, end: 3, committed: 2, lag: 1 },
    { topic: 'chat.commands', partition: 1, start: 0, end: 1, committed: undefined, lag: 1 },
  ])
})
