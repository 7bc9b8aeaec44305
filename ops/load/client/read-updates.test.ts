import { encodeResult } from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import { LOAD_LAYER } from '../../bench/load/user.ts'
import { readUpdates } from './read-updates.ts'
import { MARK, TextTemplate } from './text.ts'

const TEXT = `${MARK}00000012${'0000000345'}....`

function heard(updates: object[], more: object = {}) {
  const calls: unknown[] = []
  const value = { _: 'updates', updates, users: [], chats: [], date: 1, seq: 0, ...more }
  readUpdates(encodeResult('messages.sendMessage', value, LOAD_LAYER), {
    counted: (pts, ptsCount, message) => calls.push([pts, ptsCount, message]),
    tooLong: () => calls.push('too long'),
  })
  return calls
}

const peerId = { _: 'peerUser', userId: 77 }
const message = (more: object = {}, text = TEXT) => ({
  _: 'message',
  id: 9,
  peerId,
  date: 5,
  message: text,
  ...more,
})
const fresh = (more: object = {}, text = TEXT) => ({
  _: 'updateNewMessage',
  message: message(more, text),
  pts: 31,
  ptsCount: 1,
})
const MARKED = { msgId: 9, stream: 12, number: 345 }
const expected = [31, 1, MARKED]

describe('updates of the load', () => {
  it('are read in place, pushed or as an answer, whatever the length of the text', () => {
    expect(heard([fresh()])).toEqual([expected])
    const id = { _: 'updateMessageID', id: 9, randomId: 5n }
    expect(heard([id, fresh({ out: true, fromId: peerId })])).toEqual([expected])
    for (const size of [28, 29, 30, 31, 252, 253, 254, 255, 256, 4000])
      expect(heard([fresh({}, TEXT.padEnd(size, '.'))])).toEqual([expected])
  })

  it('are read by the codec in any other shape', () => {
    expect(heard([fresh({ silent: true })])).toEqual([expected])
    expect(heard([fresh(), fresh()])).toEqual([expected, expected])
    expect(heard([fresh({}, 'something else')])).toEqual([[31, 1, { msgId: 9, stream: -1, number: 0 }]])
    const location = { id: 3n, accessHash: 4n, fileReference: Buffer.from('r') }
    const document = {
      _: 'document',
      ...location,
      date: 1,
      mimeType: 'a/b',
      size: 7,
      dcId: 2,
      attributes: [],
    }
    expect(heard([fresh({ media: { _: 'messageMediaDocument', document } })])).toEqual([
      [31, 1, { ...MARKED, file: { ...location, sizeBytes: 7 } }],
    ])
    const read = { _: 'updateReadHistoryOutbox', peer: peerId, maxId: 4, pts: 8, ptsCount: 1 }
    const typing = { _: 'updateUserTyping', userId: 77, action: { _: 'sendMessageTypingAction' } }
    expect(heard([read, typing])).toEqual([[8, 1, undefined]])
  })
})

it('a template keeps each message its random id', () => {
  const template = new TextTemplate({ userId: 7, accessHash: 8n }, 12, 64, 1000n)
  const one = Buffer.from(template.with(345))
  expect(one.includes(`${MARK}000000120000000345...`)).toBe(true)
  expect(Buffer.from(template.with(1)).equals(one)).toBe(false)
  expect(template.with(345).equals(one)).toBe(true)
})
