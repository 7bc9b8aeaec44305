import type { ChatUpdate, UserId } from '@heliograph/schemas/avro'
import { encodeObject } from '@heliograph/schemas/tl'
import { channelUpdates, messages } from '@heliograph/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { addUsers, ChannelRig } from '../rpc/messages/channel-rig.ts'
import { sealBody, textContent } from '../rpc/messages/content.ts'
import { ALICE, BOB, NOW, Rig } from '../rpc/messages/test-rig.ts'
import { UserFeed } from './feed.ts'
import { Welcomes } from './welcome.ts'

const CAROL = 1_000_000_003 as UserId

describe('who comes into a supergroup', () => {
  let rig: Rig
  let group: ChannelRig
  let welcomes: Welcomes
  const bob = new UserFeed(BOB)

  beforeEach(async () => {
    rig = await Rig.start()
    await addUsers(rig, { [ALICE]: 'Alice', [BOB]: 'Bob' })
    group = await new ChannelRig(rig, 77).create('supergroup', [ALICE, BOB])
    welcomes = new Welcomes(rig.services)
  })

  /** The row of a message that tells who was added, without its publication. */
  const added = async (users: number[], date = NOW) => {
    const { chatId } = group
    const seq = ++group.lastSeq
    const action = Buffer.from(encodeObject({ _: 'messageActionChatAddUser', users }))
    const sealed = await sealBody(rig.services, chatId, { ...textContent(''), action })
    const move = { chatId, pts: ++group.pts, ptsCount: 1, date, kind: 'message', seq, seqs: [] }
    const row = { chatId, seq, senderId: ALICE, date, service: true, sealed, postAs: null }
    await rig.apply([
      { kind: 'upsert', table: channelUpdates, row: move },
      { kind: 'upsert', table: messages, row },
    ])
    return seq
  }

  it('gets the message of it, with its place', async () => {
    const seq = await added([BOB])
    const message = await welcomes.welcome(bob, group.chatId, async () => {})
    expect(message?.update).toMatchObject({ seq, pts: group.pts, ptsCount: 1, senderId: ALICE })
  })

  it('gets it where the row comes only later', async () => {
    const coming = welcomes.welcome(bob, group.chatId, async () => {})
    const seq = await added([BOB])
    expect((await coming)?.update.seq).toBe(seq)
  })

  it('does not get that of another, nor of an earlier coming', async () => {
    await added([BOB], NOW - 100)
    await added([CAROL])
    expect(await welcomes.welcome(bob, group.chatId, async () => {})).toBeUndefined()
  })

  it('does not get it twice', async () => {
    const seq = await added([BOB])
    const published = { chatId: group.chatId, seq, extra: { service: true } } as unknown as ChatUpdate
    const join = async () => welcomes.heard(published, new Set([bob]))
    expect(await welcomes.welcome(bob, group.chatId, join)).toBeUndefined()
  })

  it('gets nothing in a broadcast, which tells nobody', async () => {
    const news = await new ChannelRig(rig, 78).create('broadcast', [ALICE, BOB])
    expect(await welcomes.welcome(bob, news.chatId, async () => {})).toBeUndefined()
  })
})
