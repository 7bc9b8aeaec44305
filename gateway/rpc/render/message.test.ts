import type { UserId } from '@heliograph/schemas/avro'
import { encodeObject } from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import { textContent } from '../messages/content.ts'
import { plainEntity } from '../messages/text/entity.ts'
import { type MessageHead, renderMessage } from './message.ts'
import { addUsersOf } from './message-peers.ts'

const me = 1 as UserId
const head: MessageHead = {
  msgId: 7,
  peerId: 2,
  senderId: 2,
  out: false,
  date: 100,
  editDate: 0,
  silent: false,
  replyToMsgId: 0,
}

const notAChannel = { fromPeerId: null, channelPost: null, postAuthor: null }

describe('renderMessage', () => {
  it('names the sender only of what oneself sent in a private chat', () => {
    expect(renderMessage(me, head, textContent('hi'))).toEqual({
      _: 'message',
      id: 7,
      peerId: { _: 'peerUser', userId: 2 },
      date: 100,
      message: 'hi',
    })
    expect(
      renderMessage(me, { ...head, senderId: 1, out: true, silent: true }, textContent('hi')),
    ).toMatchObject({
      out: true,
      silent: true,
      fromId: { _: 'peerUser', userId: 1 },
    })
  })

  it('shows replies with quotes, edits, flags and media', () => {
    const media = Buffer.from(encodeObject({ _: 'messageMediaDice', value: 3, emoticon: '🎲' }))
    const content = {
      ...textContent('hi'),
      quote: { text: 'q', entities: [plainEntity('Bold', 0, 1)], offset: 4 },
      flags: ['noforwards', 'invertMedia'],
      media,
    }
    expect(renderMessage(me, { ...head, replyToMsgId: 3, editDate: 200 }, content)).toMatchObject({
      replyTo: {
        replyToMsgId: 3,
        quote: true,
        quoteText: 'q',
        quoteEntities: [{ _: 'messageEntityBold', offset: 0, length: 1 }],
        quoteOffset: 4,
      },
      editDate: 200,
      noforwards: true,
      invertMedia: true,
      media: { _: 'messageMediaDice', value: 3 },
    })
  })

  it('puts a saved message under where it came from', () => {
    const saved = { ...head, peerId: 1, senderId: 1, out: true }
    const forward = {
      fromUserId: 5 as UserId,
      fromName: null,
      date: 50,
      savedFromPeerId: 2,
      savedFromMsgId: 9,
      ...notAChannel,
    }
    expect(renderMessage(me, saved, { ...textContent('x'), forward })).toMatchObject({
      fwdFrom: { fromId: { userId: 5 }, date: 50, savedFromPeer: { userId: 2 }, savedFromMsgId: 9 },
      savedPeerId: { userId: 2 },
    })
    expect(renderMessage(me, saved, textContent('x'))).toMatchObject({ savedPeerId: { userId: 1 } })
  })

  it('is empty where the body cannot be read', () => {
    expect(renderMessage(me, head, undefined)).toEqual({
      _: 'messageEmpty',
      id: 7,
      peerId: { _: 'peerUser', userId: 2 },
    })
  })
})

describe('addUsersOf', () => {
  it('collects everybody that a client must know', () => {
    const users = new Set<UserId>()
    const forward = {
      fromUserId: 5 as UserId,
      fromName: null,
      date: 50,
      savedFromPeerId: 6,
      savedFromMsgId: 9,
      ...notAChannel,
    }
    const entities = [{ ...plainEntity('MentionName', 0, 1), userId: 8 as UserId }]
    const content = { ...textContent('x', entities), forward }
    addUsersOf(users, renderMessage(me, { ...head, senderId: 1, out: true }, content))
    expect([...users].sort()).toEqual([1, 2, 5, 6, 8])
  })
})
