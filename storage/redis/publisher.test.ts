import { Cluster } from 'ioredis'
import { describe, expect, it } from 'vitest'
import type { Connection } from './connection.ts'
import { MAX_BATCH, MAX_WAITING_BYTES, MAX_WAITING_PUBLICATIONS, Publisher } from './publisher.ts'

/** A server that answers a command when it is told to. */
function slowServer() {
  const batches: string[][] = []
  const answers: { resolve: (count: number) => void; reject: (error: Error) => void }[] = []
  const connection = {
    status: 'ready',
    defineCommand: () => undefined,
    hgPublish(batch: readonly (string | Buffer)[]): Promise<number> {
      batches.push(batch.map(String))
      return new Promise((resolve, reject) => answers.push({ resolve, reject }))
    },
  }
  return { connection, batches, answers, publisher: new Publisher(connection as unknown as Connection) }
}
/** A cluster that answers each publication when it is told to. */
function slowCluster() {
  const sent: { channel: string; resolve: () => void; reject: (error: Error) => void }[] = []
  const own = {
    status: { value: 'ready' },
    defineCommand: { value: () => undefined },
    spublish: {
      value: (channel: string) =>
        new Promise<void>((resolve, reject) => sent.push({ channel, resolve, reject })),
    },
  }
  return { sent, publisher: new Publisher(Object.create(Cluster.prototype, own) as Cluster) }
}
const turn = () => new Promise(setImmediate)

describe('Publisher', () => {
  it('sends what one turn publishes in one command, and what follows while it waits in the next', async () => {
    const { publisher, batches, answers } = slowServer()
    publisher.publish('a', Buffer.from('1'))
    publisher.publish('b', Buffer.from('2'))
    await turn()
    expect(batches).toEqual([['a', '1', 'b', '2']])
    publisher.publish('a', Buffer.from('3'))
    await turn()
    for (const n of ['4', '5']) {
      publisher.publish('a', Buffer.from(n))
      await turn()
    }
    expect(batches.slice(1)).toEqual([['a', '3']])
    answers[0]?.resolve(2)
    await turn()
    expect(batches.slice(2)).toEqual([['a', '4', 'a', '5']])
  })

  it('splits a long queue, in order', async () => {
    const { publisher, batches, answers } = slowServer()
    const count = 3 * MAX_BATCH + 7
    for (let i = 0; i < count; i++) publisher.publish('a', Buffer.from(String(i)))
    for (let i = 0; i < 4; i++) {
      await turn()
      answers[i]?.resolve(0)
    }
    await turn()
    const heard = batches.flat().filter((text) => text !== 'a')
    expect(heard).toEqual(Array.from({ length: count }, (_, i) => String(i)))
    expect(batches.length).toBe(4)
  })

  it('loses and counts what is too much, by number and by bytes', async () => {
    const { publisher } = slowServer()
    const empty = Buffer.alloc(0)
    for (let i = 0; i < MAX_WAITING_PUBLICATIONS + 3; i++) publisher.publish('a', empty)
    expect(publisher.lost).toBe(3)
    const another = slowServer().publisher
    another.publish('a', Buffer.alloc(MAX_WAITING_BYTES))
    another.publish('a', Buffer.alloc(1))
    expect(another.lost).toBe(1)
    await turn()
    another.publish('a', Buffer.alloc(1))
    expect(another.lost).toBe(1)
  })

  it('counts what was lost with a connection, and goes on', async () => {
    const { publisher, connection, batches, answers } = slowServer()
    publisher.publish('a', Buffer.from('1'))
    await turn()
    answers[0]?.reject(new Error('closed'))
    connection.status = 'reconnecting'
    publisher.publish('a', Buffer.from('2'))
    await turn()
    expect(publisher.lost).toBe(2)
    connection.status = 'ready'
    publisher.publish('a', Buffer.from('3'))
    await turn()
    expect(batches).toEqual([
      ['a', '1'],
      ['a', '3'],
    ])
  })
})

describe('Publisher to a cluster', () => {
  it('goes on to other nodes while one does not answer', async () => {
    const { publisher, sent } = slowCluster()
    for (const channel of ['hangs', 'a', 'hangs', 'b', 'hangs', 'c']) {
      publisher.publish(channel, Buffer.from('x'))
      await turn()
    }
    expect(sent.map(({ channel }) => channel)).toEqual(['hangs', 'a', 'hangs', 'b', 'hangs', 'c'])
  })

  it('loses and counts what is too much, until something is answered', async () => {
    const { publisher, sent } = slowCluster()
    publisher.publish('a', Buffer.alloc(MAX_WAITING_BYTES))
    publisher.publish('a', Buffer.alloc(1))
    expect(publisher.lost).toBe(1)
    sent[0]?.resolve()
    await turn()
    publisher.publish('a', Buffer.alloc(1))
    sent[1]?.reject(new Error('closed'))
    await turn()
    expect(publisher.lost).toBe(2)
    for (let i = 0; i < MAX_WAITING_PUBLICATIONS + 3; i++) publisher.publish('a', Buffer.alloc(0))
    expect(publisher.lost).toBe(5)
  })
})
