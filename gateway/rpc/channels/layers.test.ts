import { ADMIN_RIGHTS, type UserId } from '@heliograph/schemas/avro'
import { encodeResult, LAYERS, type MethodName } from '@heliograph/schemas/tl'
import { adminLog, chatMembers } from '@heliograph/storage'
import { beforeAll, describe, expect, it } from 'vitest'
import { type LogAction, sealLog } from '../chats/sealed.ts'
import { idsHash } from '../hash.ts'
import { addUsers, ChannelRig } from '../messages/channel-rig.ts'
import { ALICE, BOB, NOW, Rig } from '../messages/test-rig.ts'
import { handlers } from '../registry.ts'
import { bannedRights } from '../rights.ts'

const CAROL = 1_000_000_003 as UserId
const EVENTS_PER_ENTRY = 256n

/** What is answered has to be written for clients of every layer. */
describe('answers about channels', () => {
  let rig: Rig
  let channel: ChannelRig
  beforeAll(async () => {
    rig = await Rig.start()
    await addUsers(rig, { [ALICE]: 'Alice', [BOB]: 'Bob', [CAROL]: 'Carol' })
    channel = await new ChannelRig(rig, 77).create('supergroup', [ALICE, BOB], { username: 'seventy' })
    await channel.join(CAROL, 'left')
    const log: LogAction[] = [
      { _: 'channelAdminLogEventActionChangeTitle', prevValue: 'Old', newValue: 'New' },
      {
        _: 'channelAdminLogEventActionDefaultBannedRights',
        prevBannedRights: bannedRights(0),
        newBannedRights: bannedRights(2),
      },
    ]
    const sealed = await sealLog(rig.services, channel.chatId, log)
    const row = { chatId: channel.chatId, eventId: 9, date: NOW, userId: ALICE, kind: 'title', sealed }
    await rig.apply([{ kind: 'upsert', table: adminLog, row }])
  })

  const input = (viewer: UserId) => {
    const accessHash = rig.services.chats.accessHash(viewer, channel.chatId)
    return { _: 'inputChannel', channelId: 77, accessHash } as const
  }
  const call = async (name: MethodName, args: object, viewer = ALICE) =>
    (handlers[name]!.handler as (call: object, context: object) => unknown)(
      { _: name, channel: input(viewer), ...args },
      rig.context(viewer),
    )
  const log = { q: '', maxId: 0n, minId: 0n, limit: 10 }

  it.each<[MethodName, object]>([
    ['channels.getFullChannel', {}],
    ['channels.getParticipants', { filter: participants('Recent'), offset: 0, limit: 10, hash: 0n }],
    ['channels.getParticipants', { filter: participants('Admins'), offset: 0, limit: 10, hash: 0n }],
    ['channels.getParticipant', { participant: { _: 'inputPeerSelf' } }],
    ['channels.getAdminLog', log],
    ['channels.getSendAs', { peer: { _: 'inputPeerSelf' } }],
    ['channels.getAdminedPublicChannels', {}],
    ['channels.getGroupsForDiscussion', {}],
    ['channels.getInactiveChannels', {}],
  ])('of %s are written for each layer', async (name, args) => {
    const result = await call(name, args)
    for (const layer of LAYERS) {
      expect(encodeResult(name, result as never, layer).length, `${layer}`).toBeGreaterThan(0)
    }
  })

  it('give what one command did as events of their own, newest first, and page through them', async () => {
    const all = await call('channels.getAdminLog', log)
    const ids = (all as { events: { id: bigint }[] }).events.map(({ id }) => id)
    expect(ids).toEqual([9n * EVENTS_PER_ENTRY + 2n, 9n * EVENTS_PER_ENTRY + 1n])
    const older = await call('channels.getAdminLog', { ...log, maxId: ids[0]! })
    expect(older).toMatchObject({ events: [{ id: ids[1] }] })
    const newer = await call('channels.getAdminLog', { ...log, minId: ids[1]! })
    expect(newer).toMatchObject({ events: [{ id: ids[0] }] })
    const found = await call('channels.getAdminLog', { ...log, q: 'old' })
    expect(found).toMatchObject({ events: [{ action: { newValue: 'New' } }] })
    const others = await call('channels.getAdminLog', { ...log, admins: [{ _: 'inputUserSelf' }] })
    expect(others).toMatchObject({ events: [{ userId: ALICE }, { userId: ALICE }] })
  })

  it('list only those who are in, and say when nothing changed', async () => {
    const recent = { filter: participants('Recent'), offset: 0, limit: 10, hash: 0n }
    const listed = (await call('channels.getParticipants', recent)) as { participants: object[] }
    expect(listed.participants).toMatchObject([
      { _: 'channelParticipantCreator', userId: ALICE },
      { _: 'channelParticipant', userId: BOB },
    ])
    const paged = await call('channels.getParticipants', { ...recent, offset: 1 })
    expect(paged).toMatchObject({ count: 2, participants: [{ userId: BOB }] })
    const again = await call('channels.getParticipants', { ...recent, hash: idsHash([ALICE, BOB]) })
    expect(again).toEqual({ _: 'channels.channelParticipantsNotModified' })
  })

  it('do not name anonymous administrators to others', async () => {
    const zed = 1_000_000_009 as UserId
    await addUsers(rig, { [zed]: 'Zed' })
    const row = { chatId: channel.chatId, peerId: zed, status: 'admin', isIn: true, date: NOW }
    await rig.apply([{ kind: 'upsert', table: chatMembers, row: { ...row, rights: ADMIN_RIGHTS.anonymous } }])
    const recent = { filter: participants('Recent'), offset: 0, limit: 10, hash: 0n }
    const idsSeenBy = async (viewer: UserId) => {
      const listed = (await call('channels.getParticipants', recent, viewer)) as {
        participants: { userId: number }[]
      }
      return listed.participants.map(({ userId }) => userId)
    }
    expect(await idsSeenBy(ALICE)).toContain(zed)
    expect(await idsSeenBy(BOB)).not.toContain(zed)
    await rig.apply([{ kind: 'delete', table: chatMembers, key: { chatId: channel.chatId, peerId: zed } }])
  })

  it('are refused to those who may not see them', async () => {
    const kicked = { filter: { ...participants('Kicked'), q: '' }, offset: 0, limit: 10, hash: 0n }
    await expect(call('channels.getParticipants', kicked, BOB)).rejects.toThrow('CHAT_ADMIN_REQUIRED')
    await expect(call('channels.getAdminLog', log, BOB)).rejects.toThrow('CHAT_ADMIN_REQUIRED')
    await expect(call('channels.getFullChannel', { channel: input(ALICE) }, BOB)).rejects.toThrow(
      'CHANNEL_INVALID',
    )
  })
})

function participants(filter: 'Recent' | 'Admins' | 'Kicked') {
  return { _: `channelParticipants${filter}` } as const
}
