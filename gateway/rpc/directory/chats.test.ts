import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { chatInfos, chatMembers, type Mutation } from '@heliograph/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { addUsers, ChannelRig } from '../messages/channel-rig.ts'
import { ALICE, BOB, NOW, Rig } from '../messages/test-rig.ts'
import { minChannel, renderCachedChats, renderChats } from '../render/chat.ts'
import { ChatDirectory, MAX_CHAT_AGE_MS } from './chats.ts'

const CAROL = 1_000_000_003 as UserId

describe('the chat directory', () => {
  let rig: Rig
  let channel: ChannelRig
  let nowMs: number
  let chats: ChatDirectory
  beforeEach(async () => {
    rig = await Rig.start()
    nowMs = NOW * 1000
    chats = new ChatDirectory({ ...rig.services, nowMs: () => nowMs })
    await addUsers(rig, { [ALICE]: 'Alice', [BOB]: 'Bob' })
    channel = await new ChannelRig(rig, 77).create('supergroup', [ALICE, BOB], { username: 'seventy' })
  })

  const see = async (viewer: UserId) => (await renderChats({ chats }, viewer, [channel.peerId], NOW))[0]
  const cached = (viewer: UserId) => renderCachedChats({ chats }, viewer, [channel.peerId], NOW)
  const change = async (table: Mutation['table'], key: object, values: object) => {
    const row = await rig.services.tables.get(table, key as never)
    await rig.apply([{ kind: 'upsert', table, row: { ...row, ...values } as never }])
  }
  const info = (values: object) => change(chatInfos, { chatId: channel.chatId }, values)
  const memberRow = (peerId: UserId, values: object) =>
    change(chatMembers, { chatId: channel.chatId, peerId }, values)

  it('shows a chat to each viewer as it stands to it, from memory once it has been seen', async () => {
    expect(cached(ALICE)).toBeUndefined()
    expect(await see(ALICE)).toMatchObject({
      _: 'channel',
      title: 'The channel',
      creator: true,
      megagroup: true,
      username: 'seventy',
      participantsCount: 2,
      adminRights: { changeInfo: true, addAdmins: true },
    })
    const seen = await see(BOB)
    expect(seen).not.toHaveProperty('creator')
    expect(seen).not.toHaveProperty('left')
    expect(await see(CAROL)).toMatchObject({ left: true })
    for (const viewer of [ALICE, BOB, CAROL]) expect(cached(viewer)).toEqual([await see(viewer)])
    const hashes = [ALICE, BOB].map((viewer) => (cached(viewer)![0] as { accessHash: bigint }).accessHash)
    expect(hashes[0]).not.toBe(hashes[1])
  })

  it('hears of what changed in the chat, and of its members', async () => {
    await see(BOB)
    await info({ slowModeSeconds: 10 })
    channel.tell('info')
    expect(cached(BOB)).toBeUndefined()
    expect(await see(BOB)).toMatchObject({ slowmodeEnabled: true })
    await see(ALICE)
    await memberRow(BOB, { status: 'left', isIn: false })
    channel.tell('members', { userIds: [BOB] })
    expect(await see(BOB)).toMatchObject({ left: true })
  })

  it('does not read others again when one member changes', async () => {
    await see(ALICE)
    await memberRow(ALICE, { rights: 1 })
    channel.tell('members', { userIds: [BOB] })
    await chats.find(channel.chatId)
    expect(chats.cachedView(ALICE, channel.chatId)?.member?.rights).toBe(0)
  })

  it('believes nothing for ever: the bus may have lost a change', async () => {
    await see(BOB)
    await info({ slowModeSeconds: 10 })
    await memberRow(BOB, { rights: 3 })
    nowMs += MAX_CHAT_AGE_MS
    expect(await see(BOB)).toMatchObject({ slowmodeEnabled: true })
    expect(chats.cachedView(BOB, channel.chatId)?.member?.rights).toBe(3)
  })

  it('sees at once what this node has changed', async () => {
    await see(BOB)
    await info({ participants: 3 })
    chats.changed(channel.chatId)
    expect(await see(BOB)).toMatchObject({ participantsCount: 3 })
  })

  it('shows nothing of itself to those who are removed, and of what is gone', async () => {
    await memberRow(BOB, { status: 'kicked', isIn: false, banned: 1, untilDate: NOW + 60 })
    expect(await see(BOB)).toMatchObject({ _: 'channelForbidden', megagroup: true, untilDate: NOW + 60 })
    await info({ flags: ['deactivated'] })
    chats.changed(channel.chatId)
    expect(await see(ALICE)).toMatchObject({ _: 'channelForbidden' })
    const [unknown] = await renderChats({ chats }, ALICE, [-5 as PeerId], NOW)
    expect(unknown).toEqual({ _: 'chatEmpty', id: 5 })
  })

  it('counts a restriction as lifted when it has run out', async () => {
    await memberRow(BOB, { status: 'restricted', banned: 2, untilDate: NOW + 60 })
    expect(await see(BOB)).toMatchObject({ bannedRights: { sendMessages: true, untilDate: NOW + 60 } })
    const [later] = await renderChats({ chats }, BOB, [channel.peerId], NOW + 60)
    expect(later).not.toHaveProperty('bannedRights')
  })

  it('has one form for everybody, the same object until something changes', async () => {
    const facts = (await chats.find(channel.chatId))!
    const min = minChannel({ chats }, facts)
    expect(min).toMatchObject({ _: 'channel', min: true, title: 'The channel' })
    expect(min).not.toHaveProperty('accessHash')
    expect(min).not.toHaveProperty('left')
    expect(minChannel({ chats }, facts)).toBe(min)
  })
})
