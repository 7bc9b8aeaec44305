import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import type { Member } from './people.ts'
import type { ServerProcess } from './server.ts'

describe('searches, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  let club: number

  beforeAll(async () => {
    ;({ server, alice, bob } = await startCouple({ acquainted: true }))
    club = (await alice.client.createSupergroup({ title: 'Lamp club' })).id
    await alice.client.addChatMembers(club, bob.id, {})
    await alice.client.sendText(bob.id, 'The lighthouse keeper')
    await alice.client.sendText(club, 'Lighthouses of the north')
    await alice.client.sendText('me', 'маяк, https://example.org/light')
    await bob.client.sendText(alice.id, 'which lighthouse?')
    await eventually('Alice has it all', async () => (await everywhere('lighthouse')).length === 3)
  })
  afterAll(() => endCouple({ server, alice, bob }))

  const everywhere = async (query: string) =>
    (await alice.client.searchGlobal({ query })).map((message) => message.text)
  const inChat = async (chatId: number | 'me', query: string, more: object = {}) =>
    (await alice.client.searchMessages({ chatId, query, ...more })).map((message) => message.text)

  it('go through all chats, channels too', async () => {
    expect((await everywhere('LIGHTHOUSE')).sort()).toEqual([
      'Lighthouses of the north',
      'The lighthouse keeper',
      'which lighthouse?',
    ])
    expect(await everywhere('nothing of that kind')).toEqual([])
  })

  it('go page by page', async () => {
    const first = await alice.client.searchGlobal({ query: 'lighthouse', limit: 2 })
    expect(first).toHaveLength(2)
    const rest = await alice.client.searchGlobal({ query: 'lighthouse', limit: 2, offset: first.next! })
    expect([...first, ...rest].map((message) => message.text)).toHaveLength(3)
  })

  it('find words by their beginnings in one chat, in every script', async () => {
    expect(await inChat(club, 'north light')).toEqual(['Lighthouses of the north'])
    expect(await inChat(club, 'keeper')).toEqual([])
    expect(await inChat('me', 'мая')).toHaveLength(1)
    expect(await inChat(bob.id, 'lighthouse', { fromUser: bob.id })).toEqual(['which lighthouse?'])
  })

  it('find what a message is', async () => {
    const urls = await alice.client.searchMessages({ chatId: 'me', filter: { _: 'inputMessagesFilterUrl' } })
    expect(urls).toHaveLength(1)
    const peer = await alice.client.resolvePeer('me')
    const counters = await alice.client.call({
      _: 'messages.getSearchCounters',
      peer,
      filters: [{ _: 'inputMessagesFilterUrl' }, { _: 'inputMessagesFilterPhotos' }],
    })
    expect(counters.map(({ count }) => count)).toEqual([1, 0])
  })

  it('follow edits and deletions', async () => {
    const sent = await alice.client.sendText(club, 'a firefly')
    await alice.client.editMessage({ chatId: club, message: sent.id, text: 'a glowworm' })
    await eventually(
      'it is found by its new words',
      async () => (await inChat(club, 'glowworm')).length === 1,
    )
    expect(await inChat(club, 'firefly')).toEqual([])
    await alice.client.deleteMessagesById(club, [sent.id])
    await eventually('it is gone', async () => (await inChat(club, 'glowworm')).length === 0)
  })

  it('find public chats by their titles, and posts of them that one has not joined', async () => {
    const garden = (await alice.client.createChannel({ title: 'Weekly Gärten' })).id
    await alice.client.setChatUsername(garden, `plot_${process.pid}`)
    await alice.client.sendText(garden, 'Prune your #roses today')
    await alice.client.sendText(garden, 'and the #rosemary')
    const found = (q: string) => bob.client.call({ _: 'contacts.search', q, limit: 10 })
    const titles = async (q: string) =>
      (await found(q)).chats.map((chat) => ('title' in chat ? chat.title : ''))
    await eventually('the title is found', async () =>
      (await titles('garten week')).includes('Weekly Gärten'),
    )
    expect((await found('garten')).results).toHaveLength(1)
    const posts = async (asked: { hashtag?: string; query?: string }) => {
      const answer = await bob.client.call({
        _: 'channels.searchPosts',
        ...asked,
        offsetRate: 0,
        offsetPeer: { _: 'inputPeerEmpty' },
        offsetId: 0,
        limit: 10,
      })
      return 'messages' in answer
        ? answer.messages.map((each) => ('message' in each ? each.message : ''))
        : []
    }
    expect(await posts({ hashtag: 'roses' })).toEqual(['Prune your #roses today'])
    expect(await posts({ query: 'prune' })).toEqual(['Prune your #roses today'])
    expect(await bob.client.call({ _: 'channels.checkSearchPostsFlood', query: 'prune' })).toMatchObject({
      queryIsFree: true,
    })
    await alice.client.setChatUsername(garden, null)
    await eventually('it is private again', async () => (await posts({ hashtag: 'roses' })).length === 0)
    expect(await titles('garten')).toEqual([])
  })
})
