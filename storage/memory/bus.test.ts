import { expect, it } from 'vitest'
import { describeBus } from '../bus.contract.ts'
import { MAX_QUEUED_MESSAGES, MemoryBus } from './bus.ts'

describeBus('MemoryBus', async () => {
  const bus = new MemoryBus()
  return { bus, dispose: () => bus.close() }
})

it('MemoryBus tells what a handler threw', async () => {
  const errors: unknown[] = []
  const bus = new MemoryBus((error) => errors.push(error))
  await bus.subscribe('a', () => {
    throw new Error('broken handler')
  })
  bus.publish('a', Buffer.alloc(0))
  expect(errors).toEqual([new Error('broken handler')])
})

it('MemoryBus loses what is published beyond its bound while it delivers', async () => {
  const bus = new MemoryBus()
  let heard = 0
  await bus.subscribe('flood', () => void heard++)
  await bus.subscribe('a', (payload) => {
    for (let i = 0; i < MAX_QUEUED_MESSAGES + 10; i++) bus.publish('flood', payload)
  })
  bus.publish('a', Buffer.alloc(0))
  expect(heard).toBe(MAX_QUEUED_MESSAGES)
})

it('MemoryBus hands on what the payload says, so that nobody need read it again', async () => {
  const bus = new MemoryBus()
  const heard: (object | undefined)[] = []
  const record = { type: 'Typing' }
  await bus.subscribe('a', (_, said) => void heard.push(said))
  await bus.subscribe('a', (payload) => {
    if (payload.length === 0) bus.publish('a', Buffer.alloc(1), record)
  })
  bus.publish('a', Buffer.alloc(0))
  expect(heard).toEqual([undefined, record])
  expect(heard[1]).toBe(record)
})
