import { channelChatId, numberOfChat, type UserId } from '@heliograph/schemas/avro'
import { chatInfos, chatMembers, PUBLIC_CHAT_BUCKETS, publicChats } from '@heliograph/storage'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { addUsers, ChannelRig } from '../messages/channel-rig.ts'
import { checkSearchPostsFlood, searchPosts } from '../messages/search/posts.ts'
import { ALICE, BOB, NOW, Rig } from '../messages/test-rig.ts'
import { hasTitle, LOAD_CHUNK, listPublicChats, MAX_AGE_MS, MAX_ROW_AGE_MS } from './public-chats.ts'

const CAROL = 1_000_000_003 as UserId

describe('public chats', () => {
  let rig: Rig
  let news: ChannelRig
  let hidden: ChannelRig
  beforeAll(async () => {
    rig = await Rig.start()
    await addUsers(rig, { [ALICE]: 'Alice', [BOB]: 'Bob', [CAROL]: 'Carol' })
    news = await new ChannelRig(rig, 77).create('broadcast', [ALICE], { username: 'news' })
    hidden = await new ChannelRig(rig, 78).create('broadcast', [ALICE])
    const group = await new ChannelRig(rig, 79).create('supergroup', [ALICE, BOB], { username: 'talk' })
    for (const each of [news, group]) await publish(each)
    for (const text of ['#Roses bloom', 'roses without a sign', '#rosesred']) await news.post(ALICE, text)
    await hidden.post(ALICE, '#roses in secret')
    await group.post(ALICE, '#roses are discussed')
  })

  const publish = ({ chatId }: ChannelRig) => {
    const bucket = numberOfChat(chatId) % PUBLIC_CHAT_BUCKETS
    return rig.apply([{ kind: 'upsert', table: publicChats, row: { bucket, chatId } }])
  }
  const find = async (call: { hashtag?: string; query?: string }, viewer = BOB) => {
    const offset = { offsetRate: 0, offsetPeer: { _: 'inputPeerEmpty' }, offsetId: 0, limit: 10 } as const
    const found = await searchPosts({ _: 'channels.searchPosts', ...call, ...offset }, rig.context(viewer))
    return 'messages' in found ? found.messages.map((each) => ('message' in each ? each.message : '')) : []
  }

  it('are listed with most members first, by the words of their titles', async () => {
    const listed = await listPublicChats(rig.services)
    expect(listed.map(({ kind }) => kind)).toEqual(['supergroup', 'broadcast'])
    expect(listed.map((chat) => hasTitle(chat, ['chan', 'the']))).toEqual([true, true])
    expect(hasTitle(listed[0]!, ['hannel'])).toBe(false)
  })

  it('are looked for again after a while', async () => {
    const nowMs = { value: NOW * 1000 + MAX_AGE_MS }
    const services = { ...rig.services, nowMs: () => nowMs.value }
    await publish(hidden)
    expect(await listPublicChats(services)).toHaveLength(2)
  })

  it('are read in turn where there are many, each within a minute, but those that are new at once', async () => {
    const many = await Rig.start()
    const clock = { ms: NOW * 1000 }
    const services = { ...many.services, nowMs: () => clock.ms }
    const put = async (from: number, to: number, version = 1, participants = 1) => {
      for (let number = from; number < to; number++) {
        const chatId = channelChatId(number)
        const info = { chatId, kind: 'broadcast', version, participants }
        await many.apply([
          { kind: 'upsert', table: publicChats, row: { bucket: number % PUBLIC_CHAT_BUCKETS, chatId } },
          { kind: 'upsert', table: chatInfos, row: info },
        ])
      }
    }
    const reads = vi.spyOn(services.tables, 'getMany')
    const rowsRead = async () => {
      reads.mockClear()
      const listed = await listPublicChats(services)
      return [listed.length, reads.mock.calls.flatMap(([refs]) => refs).length]
    }
    const count = LOAD_CHUNK + 100
    await put(1, count + 1)
    expect(await rowsRead()).toEqual([count, count])
    expect(await rowsRead()).toEqual([count, 0])
    await put(count + 1, count + 2)
    clock.ms += MAX_AGE_MS
    expect(await rowsRead()).toEqual([count + 1, LOAD_CHUNK])
    await put(1, count + 2, 2, 7)
    const turns = Math.ceil(count / LOAD_CHUNK)
    for (let turn = 0; turn < turns; turn++) {
      clock.ms += MAX_AGE_MS
      expect(await rowsRead()).toEqual([count + 1, LOAD_CHUNK])
    }
    expect((await listPublicChats(services)).every(({ participants }) => participants === 7)).toBe(true)
    clock.ms += MAX_ROW_AGE_MS
    expect(await rowsRead()).toEqual([count + 1, count + 1])
  })

  it('have posts that are found by whole hashtags, by who has not joined', async () => {
    expect(await find({ hashtag: 'roses' })).toEqual(['#Roses bloom'])
    expect(await find({ hashtag: '#ROSES' })).toEqual(['#Roses bloom'])
    await expect(find({ hashtag: '#a b' })).rejects.toThrow('HASHTAG_INVALID')
  })

  it('have posts that are found by words, newest first', async () => {
    expect(await find({ query: 'roses' })).toEqual(['#rosesred', 'roses without a sign', '#Roses bloom'])
    await expect(find({ query: ' ' })).rejects.toThrow('SEARCH_QUERY_EMPTY')
    await expect(find({})).rejects.toThrow('SEARCH_QUERY_EMPTY')
  })

  it('hide their posts from whom they have removed', async () => {
    await news.join(CAROL, 'kicked')
    const member = {
      chatId: news.chatId,
      peerId: CAROL,
      status: 'kicked',
      isIn: false,
      banned: 1,
      untilDate: 0,
    }
    await rig.apply([{ kind: 'upsert', table: chatMembers, row: member }])
    rig.services.chats.changed(news.chatId)
    expect(await find({ query: 'roses' }, CAROL)).toEqual([])
  })

  it('are searched for free', async () => {
    const flood = checkSearchPostsFlood({ _: 'channels.checkSearchPostsFlood' }, rig.context(BOB))
    expect(await flood).toMatchObject({ queryIsFree: true, starsAmount: 0n })
  })
})
