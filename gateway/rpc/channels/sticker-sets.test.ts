import type { EditChat } from '@heliograph/schemas/avro'
import { chatInfos } from '@heliograph/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import type { CallContext } from '../handler.ts'
import { addUsers, ChannelRig } from '../messages/channel-rig.ts'
import { ALICE, BOB, Rig } from '../messages/test-rig.ts'
import { convertToGigagroup, MIN_GIGAGROUP_MEMBERS } from './gigagroup.ts'
import { MIN_STICKERS_MEMBERS, setStickers } from './sticker-sets.ts'

describe('a large supergroup', () => {
  let rig: Rig
  let group: ChannelRig
  let asked: EditChat[]
  beforeEach(async () => {
    rig = await Rig.start()
    asked = []
    await addUsers(rig, { [ALICE]: 'Alice', [BOB]: 'Bob' })
    group = await new ChannelRig(rig, 77).create('supergroup', [ALICE, BOB], { username: 'talk' })
  })

  const withMembers = async (participants: number) => {
    const row = await rig.services.tables.get(chatInfos, { chatId: group.chatId })
    await rig.apply([{ kind: 'upsert', table: chatInfos, row: { ...row, participants } }])
    rig.services.chats.changed(group.chatId)
  }
  const contextOf = (user: typeof ALICE): CallContext => {
    const context = rig.context(user)
    const commands = {
      ask: async (_topic: string, _key: string, record: EditChat) => {
        asked.push(record)
        return { type: 'Reply', request: 0, error: null, mailbox: null, channel: null, userId: null }
      },
    }
    return { ...context, services: { ...context.services, commands } as never }
  }
  const channelFor = (user: typeof ALICE) => ({
    _: 'inputChannel' as const,
    channelId: 77,
    accessHash: rig.services.chats.accessHash(user, group.chatId),
  })

  it('may do without the stickers that it had chosen; a smaller one may choose none', async () => {
    const call = {
      _: 'channels.setStickers',
      channel: channelFor(ALICE),
      stickerset: { _: 'inputStickerSetEmpty' },
    } as const
    await withMembers(MIN_STICKERS_MEMBERS - 1)
    await expect(setStickers(call, contextOf(ALICE))).rejects.toThrow('PARTICIPANTS_TOO_FEW')
    await withMembers(MIN_STICKERS_MEMBERS)
    expect(await setStickers(call, contextOf(ALICE))).toBe(true)
    expect(asked).toEqual([])
    const unknown = { ...call, stickerset: { _: 'inputStickerSetShortName', shortName: 'none' } } as const
    await expect(setStickers(unknown, contextOf(ALICE))).rejects.toThrow('STICKERSET_INVALID')
  })

  it('becomes one where administrators alone write, by its creator, from its full size on', async () => {
    const call = (user: typeof ALICE) =>
      ({ _: 'channels.convertToGigagroup', channel: channelFor(user) }) as const
    await withMembers(MIN_GIGAGROUP_MEMBERS - 1)
    await expect(convertToGigagroup(call(ALICE), contextOf(ALICE))).rejects.toThrow('PARTICIPANTS_TOO_FEW')
    await withMembers(MIN_GIGAGROUP_MEMBERS)
    await expect(convertToGigagroup(call(BOB), contextOf(BOB))).rejects.toThrow('CHAT_ADMIN_REQUIRED')
    await convertToGigagroup(call(ALICE), contextOf(ALICE))
    expect(asked).toMatchObject([{ type: 'EditChat', change: 'flags', setFlags: ['gigagroup'] }])
  })
})
