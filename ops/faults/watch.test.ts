import { privateChatId, type UserId } from '@heliograph/schemas/avro'
import { partitionOf } from '@heliograph/topics'
import { describe, expect, it } from 'vitest'
import { Interruption } from '../load/measure/interruption.ts'
import type { Stage } from '../load/traffic/stage.ts'
import { PARTITIONS } from './cluster.ts'
import type { Role } from './role.ts'
import { stallIn, Watch } from './watch.ts'

describe('the stall of a chat since a fault', () => {
  const windows = [
    { fromMs: 100, ms: 5_000 },
    { fromMs: 9_000, ms: 3_000 },
    { fromMs: 20_000, ms: 700 },
  ]

  it('is the longest part that lies after it, and ends with the last one', () => {
    expect(stallIn({ windows }, 10_500)).toEqual({ ms: 1_500, sinceMs: 10_500, endMs: 20_700 })
  })

  it('is nothing where all was over before', () => {
    expect(stallIn({ windows }, 30_000)).toEqual({ ms: 0, sinceMs: 30_000, endMs: 30_000 })
  })
})

/** Three people, each pair with a chat; `links` can be replaced, as a reconnect does. */
function smallStage() {
  const clients = [11, 12, 13].map((userId) => ({
    identity: { userId },
    connection: { link: {} as unknown },
  }))
  const chat = (one: number, other: number) => {
    const [sender, receiver] = [clients[one], clients[other]]
    const streams = [
      { sender, receiver },
      { sender: receiver, receiver: sender },
    ]
    return { interruption: new Interruption(100), streams }
  }
  const chats = [chat(0, 1), chat(1, 2), chat(2, 0)]
  return { clients, chats, meter: { service: new Interruption(100) } }
}

const partition = (one: number, other: number) =>
  partitionOf(privateChatId(one as UserId, other as UserId), PARTITIONS)

describe('chats of the victim', () => {
  it('of a gateway are those of whoever had to connect again', () => {
    const stage = smallStage()
    const watch = new Watch(stage as unknown as Stage)
    const victim = { kind: 'gateway', owned: new Set() } as unknown as Role
    const served = watch.served(victim)
    stage.clients[0]!.connection.link = {}
    expect(watch.stallsSince(0, served, victim).map(({ isServed }) => isServed)).toEqual([true, false, true])
  })

  it('of an actors process are those in the partitions that it owned when it was struck', () => {
    const stage = smallStage()
    const watch = new Watch(stage as unknown as Stage)
    const owned = new Set([`message/chat.commands/${partition(11, 12)}`])
    const victim = { kind: 'actors', owned } as unknown as Role
    const served = watch.served(victim)
    owned.clear()
    const expected = [partition(11, 12), partition(12, 13), partition(13, 11)].map(
      (each) => each === partition(11, 12),
    )
    expect(watch.stallsSince(0, served, victim).map(({ isServed }) => isServed)).toEqual(expected)
  })

  it('of a server are all', () => {
    const watch = new Watch(smallStage() as unknown as Stage)
    const stalls = watch.stallsSince(0, watch.served(undefined), undefined)
    expect(stalls.every(({ isServed }) => isServed)).toBe(true)
  })
})

describe('waiting', () => {
  it('is that of the chat that has waited longest for an answer', () => {
    const stage = smallStage()
    const watch = new Watch(stage as unknown as Stage)
    expect(watch.waitingMs(5_000)).toBe(0)
    stage.chats[1]!.interruption.began(4_000)
    stage.chats[2]!.interruption.began(1_000)
    expect(watch.waitingMs(5_000)).toBe(4_000)
    stage.chats[2]!.interruption.answered(5_500)
    expect(watch.waitingMs(6_000)).toBe(2_000)
  })
})
