import { chatIdOf, type PeerId } from '@heliograph/schemas/avro'
import { messages, pinnedMessages } from '@heliograph/storage'
import { beforeAll, describe, expect, it } from 'vitest'
import { ALICE, NOW, Rig } from '../test-rig.ts'
import { getSearchResultsCalendar, getSearchResultsPositions } from './results.ts'
import { search } from './search.ts'

const photos = { _: 'inputMessagesFilterPhotos' } as const
const peer = { _: 'inputPeerSelf' } as const
const chatId = chatIdOf(ALICE, ALICE as number as PeerId)
const page = { offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: 0n, minDate: 0, maxDate: 0 }

describe('results of a search', () => {
  let rig: Rig
  beforeAll(async () => {
    rig = await Rig.start()
    for (let seq = 1; seq <= 9; seq += 1) {
      await rig.write(ALICE, ALICE, `photo ${seq}`)
      const stored = await rig.services.tables.get(messages, { chatId, seq })
      const row = { ...stored, words: Buffer.alloc(0), kinds: seq % 2 === 1 ? ['photo'] : [] }
      await rig.apply([{ kind: 'upsert', table: messages, row }])
    }
  })

  it('are counted by day', async () => {
    const call = {
      _: 'messages.getSearchResultsCalendar',
      peer,
      filter: photos,
      offsetId: 8,
      offsetDate: 0,
    } as const
    const calendar = await getSearchResultsCalendar(call, rig.context(ALICE))
    const day = Math.floor(NOW / 86_400) * 86_400
    expect(calendar).toMatchObject({
      count: 5,
      minMsgId: 1,
      offsetIdOffset: 1,
      periods: [{ date: day, minMsgId: 1, maxMsgId: 7, count: 4 }],
      messages: [{ id: 7 }],
    })
    const plain = { ...call, filter: { _: 'inputMessagesFilterEmpty' } } as const
    await expect(getSearchResultsCalendar(plain, rig.context(ALICE))).rejects.toThrow('FILTER_NOT_SUPPORTED')
  })

  it('are given by some of their places', async () => {
    const call = {
      _: 'messages.getSearchResultsPositions',
      peer,
      filter: photos,
      offsetId: 0,
      limit: 3,
    } as const
    const { count, positions } = await getSearchResultsPositions(call, rig.context(ALICE))
    expect(count).toBe(5)
    expect(positions).toMatchObject([
      { msgId: 9, offset: 0 },
      { msgId: 5, offset: 2 },
      { msgId: 1, offset: 4 },
    ])
  })

  it('are paged around an offset, newer ones too', async () => {
    const around = { ...page, offsetId: 6, addOffset: -1, limit: 3 }
    const call = { _: 'messages.search', peer, q: '', filter: photos, ...around } as const
    const answer = await search(call, rig.context(ALICE))
    expect(answer).toMatchObject({ messages: [{ id: 7 }, { id: 5 }, { id: 3 }] })
  })

  it('may be what is pinned', async () => {
    const row = { chatId, seq: 4, date: NOW, byUserId: ALICE, pinnedFor: [ALICE] }
    await rig.apply([{ kind: 'upsert', table: pinnedMessages, row }])
    await rig.apply([{ kind: 'upsert', table: pinnedMessages, row: { ...row, seq: 5, pinnedFor: [7] } }])
    const filter = { _: 'inputMessagesFilterPinned' } as const
    const call = { _: 'messages.search', peer, q: '', filter, ...page } as const
    expect(await search(call, rig.context(ALICE))).toMatchObject({ messages: [{ id: 4 }] })
  })
})
