import { picture } from '@heliograph/gateway/media/samples'
import type { tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { acquaint, type Member, member } from './people.ts'
import { ServerProcess } from './server.ts'

describe('what channels look like, and which one may like or has left, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  let carol: Member
  let dave: Member

  beforeAll(async () => {
    server = await ServerProcess.start()
    ;[alice, bob, carol, dave] = (await Promise.all(
      ['Alice', 'Bob', 'Carol', 'Dave'].map((name) => member(server.endpoints, name)),
    )) as [Member, Member, Member, Member]
    await acquaint(alice, bob)
  })
  afterAll(async () => {
    await Promise.all([alice, bob, carol, dave].map((each) => each?.client.destroy()))
    await server?.dispose()
  })

  const inputOf = (who: Member, chat: number | string) => who.client.resolveChannel(chat)
  const fullOf = async (who: Member, chat: number) => {
    const { fullChat } = await who.client.call({
      _: 'channels.getFullChannel',
      channel: await inputOf(who, chat),
    })
    return fullChat as tl.RawChannelFull
  }

  it('a supergroup has a set of custom emoji, and stickers once it is large', async () => {
    const group = (await alice.client.createSupergroup({ title: 'Talk' })).id
    const channel = await inputOf(alice, group)
    const file = await picture({ width: 100, height: 100, format: 'webp' })
    const { inputFile } = await alice.client.uploadFile({ file, fileName: 'file' })
    const media = (await alice.client.call({
      _: 'messages.uploadMedia',
      peer: { _: 'inputPeerSelf' },
      media: { _: 'inputMediaUploadedDocument', file: inputFile, mimeType: 'image/webp', attributes: [] },
    })) as tl.RawMessageMediaDocument
    const { id, accessHash, fileReference } = media.document as tl.RawDocument
    const shortName = `looks_${process.pid}`
    await alice.client.call({
      _: 'stickers.createStickerSet',
      emojis: true,
      userId: { _: 'inputUserSelf' },
      title: 'Emoji',
      shortName,
      stickers: [
        {
          _: 'inputStickerSetItem',
          document: { _: 'inputDocument', id, accessHash, fileReference },
          emoji: '🦊',
        },
      ],
    })
    const stickerset = { _: 'inputStickerSetShortName', shortName } as const
    await alice.client.call({ _: 'channels.setEmojiStickers', channel, stickerset })
    expect(await fullOf(alice, group)).toMatchObject({ emojiset: { shortName, emojis: true } })
    const log = await alice.client.call({
      _: 'channels.getAdminLog',
      channel,
      q: '',
      maxId: 0 as never,
      minId: 0 as never,
      limit: 10,
    } as never)
    const actions = (log as tl.channels.RawAdminLogResults).events.map(({ action }) => action._)
    expect(actions).toContain('channelAdminLogEventActionChangeEmojiStickerSet')
    const none = { _: 'inputStickerSetEmpty' } as const
    await alice.client.call({ _: 'channels.setEmojiStickers', channel, stickerset: none })
    expect((await fullOf(alice, group)).emojiset).toBeUndefined()
    const unknown = { _: 'inputStickerSetShortName', shortName: 'nobody_has_this' } as const
    await expect(
      alice.client.call({ _: 'channels.setEmojiStickers', channel, stickerset: unknown }),
    ).rejects.toMatchObject({ text: 'STICKERSET_INVALID' })
    await expect(alice.client.call({ _: 'channels.setStickers', channel, stickerset })).rejects.toMatchObject(
      { text: 'PARTICIPANTS_TOO_FEW' },
    )
  })

  it('the page of a channel begins with what it has chosen', async () => {
    const news = (await alice.client.createChannel({ title: 'News' })).id
    expect((await fullOf(alice, news)).mainTab).toBeUndefined()
    const tab = { _: 'profileTabMedia' } as const
    const channel = await inputOf(alice, news)
    await alice.client.call({ _: 'channels.setMainProfileTab', channel, tab })
    expect(await fullOf(alice, news)).toMatchObject({ mainTab: tab })
  })

  it('a forum is looked at as one list by who likes that', async () => {
    const forum = (await alice.client.createSupergroup({ title: 'Forum', forum: true })).id
    await alice.client.sendText(forum, 'hello')
    const channel = await inputOf(alice, forum)
    const answer = await alice.client.call({
      _: 'channels.toggleViewForumAsMessages',
      channel,
      enabled: true,
    })
    expect(answer).toMatchObject({ updates: [{ _: 'updateChannelViewForumAsMessages', enabled: true }] })
    expect(await fullOf(alice, forum)).toMatchObject({ viewForumAsMessages: true })
    const dialog = async () => {
      const peer = await alice.client.resolvePeer(forum)
      const { dialogs } = await alice.client.call({
        _: 'messages.getPeerDialogs',
        peers: [{ _: 'inputDialogPeer', peer }],
      })
      return dialogs[0] as tl.RawDialog
    }
    expect((await dialog()).viewForumAsMessages).toBe(true)
    await alice.client.call({ _: 'channels.toggleViewForumAsMessages', channel, enabled: false })
    expect((await dialog()).viewForumAsMessages).toBe(false)
  })

  it('public channels that members have in common are recommended, from three members on', async () => {
    const open = async (who: Member, title: string, name: string) => {
      const { id } = await who.client.createChannel({ title })
      await who.client.setChatUsername(id, `${name}_${process.pid}`)
      return { id, name: `${name}_${process.pid}` }
    }
    const source = await open(alice, 'Source', 'source')
    const liked = await open(dave, 'Liked', 'liked')
    const rare = await open(dave, 'Rare', 'rarely')
    for (const each of [bob, carol]) await each.client.joinChat(liked.name)
    await bob.client.joinChat(rare.name)
    for (const each of [bob, carol, dave]) await each.client.joinChat(source.name)
    const titles = async (channel?: tl.TypeInputChannel) => {
      const found = await alice.client.call({
        _: 'channels.getChannelRecommendations',
        ...(channel && { channel }),
      })
      return found.chats.map((chat) => ('title' in chat ? chat.title : ''))
    }
    const channel = await inputOf(alice, source.id)
    await eventually('one is recommended', async () => (await titles(channel)).length > 0)
    expect(await titles(channel)).toEqual(['Liked'])
    expect(await titles()).toEqual(['Liked'])
  })

  it('a take-out tells which channels one has left', async () => {
    const name = `leaving_${process.pid}`
    const { id } = await alice.client.createChannel({ title: 'Leaving' })
    await alice.client.setChatUsername(id, name)
    await bob.client.joinChat(name)
    const left = async () => {
      const query = { _: 'channels.getLeftChannels', offset: 0 } as const
      const found = await bob.client.call({ _: 'invokeWithTakeout', takeoutId, query })
      return (found as tl.messages.RawChats).chats.map((chat) => ('title' in chat ? chat.title : ''))
    }
    const { id: takeoutId } = await bob.client.call({ _: 'account.initTakeoutSession' })
    expect(await left()).toEqual([])
    await bob.client.leaveChat(name)
    expect(await left()).toEqual(['Leaving'])
    await bob.client.joinChat(name)
    expect(await left()).toEqual([])
    await expect(bob.client.call({ _: 'channels.getLeftChannels', offset: 0 })).rejects.toMatchObject({
      text: 'TAKEOUT_REQUIRED',
    })
  })
})
