import { describe, expect, it } from 'vitest'
import { Interruption } from '../load/measure/interruption.ts'
import type { Stage } from '../load/traffic/stage.ts'
import type { Role } from './role.ts'
import { placesOf, stallIn, Watch } from './watch.ts'

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
    connection: { link: {} as unknown, host: `host ${userId}` },
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

describe('chats of the victim', () => {
  it('of a gateway are those of whoever was connected to it', () => {
    const stage = smallStage()
    const watch = new Watch(stage as unknown as Stage)
    const victim = { kind: 'gateway', owned: new Set(), network: { address: 'host 11' } } as unknown as Role
    const served = watch.served(victim)
    stage.clients[0]!.connection.host = 'host 12'
    expect(watch.stallsSince(0, served, victim).map(({ isServed }) => isServed)).toEqual([true, false, true])
  })

  it.each([0, 1, 2])(
    'of an actors process hang on partition %i of three that it owned when it was struck',
    (at) => {
      const stage = smallStage()
      const watch = new Watch(stage as unknown as Stage)
      const place = placesOf(11, 12)[at] as string
      const owned = new Set([place])
      const victim = { kind: 'actors', owned, network: { address: 'host 9' } } as unknown as Role
      const served = watch.served(victim)
      owned.clear()
      const expected = [placesOf(11, 12), placesOf(12, 13), placesOf(13, 11)].map((all) =>
        all.includes(place),
      )
      expect(expected[0]).toBe(true)
      expect(watch.stallsSince(0, served, victim).map(({ isServed }) => isServed)).toEqual(expected)
    },
  )

  it('of a server are all', () => {
    const watch = new Watch(smallStage() as unknown as Stage)
    const stalls = watch.stallsSince(0, watch.served(undefined), undefined)
    expect(stalls.every(({ isServed }) => isServed)).toBe(true)
  })
})

describe('those who had to connect elsewhere', () => {
  it('go home, and nobody else', () => {
    const stage = smallStage()
    const dropped: number[] = []
    const clients = stage.clients.map(({ identity, connection }) => ({
      identity,
      connection: { ...connection, drop: () => void dropped.push(identity.userId) },
    }))
    const watch = new Watch({ ...stage, clients } as unknown as Stage)
    const served = watch.served(undefined)
    clients[1]!.connection.link = {}
    watch.sendHome(served)
    expect(dropped).toEqual([12])
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
