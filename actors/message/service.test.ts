import { describe, expect, it } from 'vitest'
import { caller, RowMap, someAt } from '../runtime/specification.ts'
import { messageDecider } from './index.ts'
import {
  broadcast,
  carol,
  dave,
  everybody,
  extra,
  group,
  infoOf,
  ownPeer,
  sentToChannel,
  sentToGroup,
  supergroup,
} from './public.samples.ts'
import { alice, bob, seq } from './samples.ts'
import { serviceMessage, serviceRefs } from './service.ts'

const sealed = Buffer.from('hello')
const draft = { byUserId: alice, sealed, randomId: 77n }
const after = (...events: Parameters<typeof messageDecider.project>[0][]) =>
  new RowMap().apply(events.flatMap((event) => messageDecider.project(event)))
const ofService = { extra: extra({ service: true }) }

describe('a service message', () => {
  it('goes to the members of a basic group as they are after it, and to who is removed by it', () => {
    const info = infoOf(group, { members: [alice, bob] })
    const rows = after(sentToGroup(carol)).only(serviceRefs(group))
    const event = serviceMessage(rows, { ...draft, chatId: group, info, alsoTo: [carol] }, someAt)
    const { mentioned: _, ...expected } = sentToGroup(alice, {
      ...ofService,
      seq: seq(2),
      lastOtherSeq: seq(1),
      members: everybody,
      awaiting: [alice, 2, 2],
    })
    expect(event).toEqual(expected)
    const reactions = messageDecider.react(event, { cause: null, epoch: 1, reply: caller }, someAt)
    expect(reactions.map((it) => ('reply' in it ? it.reply : null))).toEqual([caller, null, null])
  })

  it('answers nobody where another event of the decision does', () => {
    const info = infoOf(group)
    const rows = after().only(serviceRefs(group))
    const event = serviceMessage(rows, { ...draft, chatId: group, info, answers: false }, someAt)
    const reactions = messageDecider.react(event, { cause: null, epoch: 1, reply: caller }, someAt)
    expect(reactions).toHaveLength(3)
    expect(reactions.every((it) => it.kind === 'record' && it.reply === null)).toBe(true)
  })

  it('says who has come back and what it had last', () => {
    const info = infoOf(group, { members: [alice, dave] })
    const returned = [{ userId: dave, previousSeq: seq(3) }]
    const rows = after().only(serviceRefs(group))
    const event = serviceMessage(rows, { ...draft, chatId: group, info, returned }, someAt)
    expect(event).toMatchObject({ members: [alice, dave], returned })
  })

  it('counts on in a channel, behind what the decision moved before it', () => {
    const rows = after(sentToChannel(bob)).only(serviceRefs(supergroup))
    const info = infoOf(supergroup, { ttlSeconds: 10 })
    const event = serviceMessage(rows, { ...draft, chatId: supergroup, info, movedBefore: 2 }, someAt)
    const place = { seq: seq(2), lastOtherSeq: seq(1), pts: 5, expiresAt: someAt.date + 10 }
    expect(event).toEqual(sentToChannel(alice, { ...ofService, ...place }))
  })

  it('stands in the name of a broadcast', () => {
    const rows = after().only(serviceRefs(broadcast))
    const event = serviceMessage(rows, { ...draft, chatId: broadcast, info: infoOf(broadcast) }, someAt)
    expect(event.extra).toMatchObject({ postAs: ownPeer(broadcast), service: true })
  })
})
