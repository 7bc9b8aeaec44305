import { createRequire } from 'node:module'
import { type Offset, topicDefinitions } from '@heliograph/topics'
import { afterEach, expect, it, vi } from 'vitest'
import { type BrokerLogs, brokerLogs } from './kafka-logs.ts'

interface OffsetManager {
  setDefaultOffset(place: { readonly topic: string; readonly partition: number }): Promise<void>
}
/** What kafkajs does when the broker has refused a position as out of range. */
const { prototype } = createRequire(import.meta.url)('kafkajs/src/consumer/offsetManager') as {
  readonly prototype: OffsetManager
}

let logs: BrokerLogs
afterEach(async () => {
  vi.restoreAllMocks()
  await logs.dispose()
})

it('a cursor beyond the end gets what is appended between the refusal of its position and its next one', async () => {
  logs = await brokerLogs()
  const [reader, writer] = [await logs.connect({ adapter: 'kafkajs' }), await logs.connect()]
  for (const log of [reader, writer]) await log.createTopics(topicDefinitions(1))
  const append = (...texts: string[]) =>
    writer.append(
      'chat.events',
      0,
      texts.map((text) => ({ key: 'k', value: Buffer.from(text), timestampMs: 1234 })),
    )
  const { setDefaultOffset } = prototype
  const reset = vi.spyOn(prototype, 'setDefaultOffset').mockImplementationOnce(async function (
    this: OffsetManager,
    place,
  ) {
    await append('a', 'b', 'c')
    return setDefaultOffset.call(this, place)
  })
  const records = await reader.open('chat.events', 0, 2 as Offset).next({ maxRecords: 10, maxBytes: 1000 })
  expect(reset).toHaveBeenCalledOnce()
  expect(records.map(({ value }) => value.toString())).toEqual(['c'])
})
