import { beforeAll, describe, expect, it } from 'vitest'
import { fold, tokensOf } from '../../search-index/tokens.ts'
import { ALICE, BOB, NOW, Rig } from '../test-rig.ts'
import { searchGlobal } from './global.ts'
import { getSearchCounters, search } from './search.ts'

const CAROL = 1_000_000_003 as typeof ALICE
const everything = { _: 'inputMessagesFilterEmpty' } as const
const page = { offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: 0n, minDate: 0, maxDate: 0 }
const global = {
  minDate: 0,
  maxDate: 0,
  offsetRate: 0,
  offsetPeer: { _: 'inputPeerEmpty' },
  limit: 10,
} as const

describe('search', () => {
  let rig: Rig
  beforeAll(async () => {
    rig = await Rig.start()
    await rig.write(ALICE, BOB, 'The lighthouse keeper')
    await rig.write(ALICE, BOB, 'lights out', ALICE)
    await rig.write(ALICE, CAROL, 'Lighthouse, again')
    await rig.write(ALICE, ALICE, 'my LIGHTHOUSE notes')
  })

  const texts = (answer: Awaited<ReturnType<typeof search>>): unknown[] =>
    'messages' in answer
      ? answer.messages.map((message) => ('message' in message ? message.message : ''))
      : []
  const self = { _: 'inputPeerSelf' } as const

  it('finds words by their beginnings in one chat', async () => {
    const call = { _: 'messages.search', peer: self, q: 'light not', filter: everything, ...page } as const
    expect(texts(await search(call, rig.context(ALICE)))).toEqual(['my LIGHTHOUSE notes'])
    expect(texts(await search({ ...call, q: 'house' }, rig.context(ALICE)))).toEqual([])
  })

  it('takes an empty sender for any sender', async () => {
    const call = { _: 'messages.search', peer: self, q: 'notes', filter: everything, ...page } as const
    const fromAny = { ...call, fromId: { _: 'inputPeerEmpty' } } as const
    expect(texts(await search(fromAny, rig.context(ALICE)))).toEqual(['my LIGHTHOUSE notes'])
  })

  it('finds in all chats, the newest first, page by page', async () => {
    const call = {
      _: 'messages.searchGlobal',
      q: 'lighthouse',
      filter: everything,
      offsetId: 0,
      ...global,
    } as const
    const first = await searchGlobal({ ...call, limit: 2 }, rig.context(ALICE))
    expect(texts(first)).toEqual(['my LIGHTHOUSE notes', 'Lighthouse, again'])
    expect(first).toMatchObject({ _: 'messages.messagesSlice', count: 3 })
    const rest = await searchGlobal({ ...call, offsetId: 3 }, rig.context(ALICE))
    expect(texts(rest)).toEqual(['The lighthouse keeper'])
    const offsetPeer = { _: 'inputPeerUser', userId: CAROL, accessHash: 0n } as const
    const after = { ...call, offsetId: 3, offsetRate: NOW + 1, offsetPeer } as const
    expect(texts(await searchGlobal(after, rig.context(ALICE)))).toContain('The lighthouse keeper')
    await expect(searchGlobal({ ...call, q: ' ' }, rig.context(ALICE))).rejects.toThrow('SEARCH_QUERY_EMPTY')
  })

  it('narrows by date and kind, and counts', async () => {
    const call = {
      _: 'messages.search',
      peer: { _: 'inputPeerEmpty' },
      q: '',
      filter: everything,
      ...page,
    } as const
    const dated = { ...call, minDate: NOW - 998, maxDate: NOW - 997 }
    expect(texts(await search(dated, rig.context(ALICE)))).toEqual(['Lighthouse, again', 'lights out'])
    const photos = { ...call, filter: { _: 'inputMessagesFilterPhotos' } as const }
    expect(texts(await search(photos, rig.context(ALICE)))).toEqual([])
    const filters = [everything, { _: 'inputMessagesFilterUrl' } as const]
    const counters = await getSearchCounters(
      { _: 'messages.getSearchCounters', peer: self, filters },
      rig.context(ALICE),
    )
    expect(counters.map(({ count }) => count)).toEqual([1, 0])
  })
})

it('folds case and accents', () => {
  expect(fold('Ärger ÉTÉ')).toBe('arger ete')
  expect(tokensOf('one, two-three! тест')).toEqual(['one', 'two', 'three', 'тест'])
})
