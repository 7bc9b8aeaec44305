import { describe, expect, it } from 'vitest'
import { decodeCall, decodeObject, decodeResult, encodeObject, encodeOwn, encodeResult } from '../codec.ts'
import type { AnyObject, Tl, TlType } from '../types.ts'
import type { Loose } from './rules.ts'

const writtenFor = (layer: number, value: AnyObject) =>
  decodeObject(encodeObject(value, layer)) as unknown as Loose
const requestOf = (layer: number, value: Loose) => decodeCall(encodeOwn(value, layer)) as unknown as Loose

const user = { _: 'peerUser', userId: 5 } as const
const message = (fields: Partial<Tl<'message'>>): Tl<'message'> => ({
  _: 'message',
  id: 1,
  peerId: user,
  date: 2,
  message: 'hi',
  ...fields,
})
const sendMessage = {
  _: 'messages.sendMessage',
  peer: { _: 'inputPeerSelf' },
  message: 'hi',
  randomId: 1n,
} as const
const textOf = (text: string) => ({ _: 'textWithEntities', text, entities: [] }) as const

describe('what an old layer cannot express', () => {
  it('is messageMediaUnsupported, if it is media', () => {
    const media: TlType<'MessageMedia'> = {
      _: 'messageMediaToDo',
      todo: { _: 'todoList', title: textOf('a'), list: [] },
    }
    expect(writtenFor(204, message({ media }))).toEqual(message({ media: { _: 'messageMediaUnsupported' } }))
    expect(writtenFor(216, message({ media }))).toEqual(message({ media }))
  })

  it('is messageActionEmpty, if it is an action', () => {
    const action = { _: 'messageActionChatJoinedViaCommunity', communityId: 5 } as const
    const service = { _: 'messageService', id: 1, peerId: user, date: 2, action } as const
    expect(writtenFor(228, service)).toEqual({ ...service, action: { _: 'messageActionEmpty' } })
  })

  it('is left out of vectors, if it is an update or an entity', () => {
    const update = {
      _: 'updateUserTyping',
      userId: 5,
      action: { _: 'sendMessageStopDraftAction', randomId: 1n },
    } as const
    const updates: AnyObject = {
      _: 'updates',
      updates: [{ _: 'updateStarsRevenueStatus', peer: user, status: revenue() }, update],
      users: [],
      chats: [],
      date: 1,
      seq: 0,
    }
    expect(writtenFor(167, updates).updates).toEqual([
      { ...update, action: { _: 'sendMessageTypingAction' } },
    ])
    const bold = { _: 'messageEntityBold', offset: 0, length: 1 } as const
    const date = { _: 'messageEntityFormattedDate', offset: 0, length: 1, date: 1 } as const
    expect(writtenFor(198, message({ entities: [date, bold] })).entities).toEqual([bold])
  })

  it('says in fields of layer 158 what has a type of its own since', () => {
    const replyTo = { _: 'inputReplyToMessage', replyToMsgId: 7 } as const
    const draft = { _: 'draftMessage', message: 'half', date: 1 } as const
    const { replyTo: _, ...old } = { ...draft, replyTo, replyToMsgId: 7 }
    expect(writtenFor(158, { ...draft, replyTo })).toEqual(old)
    expect(writtenFor(167, { ...draft, replyTo })).toEqual({ ...draft, replyTo })
    const peerId = { _: 'peerUser', userId: 5 } as const
    expect(writtenFor(158, { _: 'updatePeerBlocked', peerId, blocked: true })).toMatchObject({
      blocked: true,
    })
    expect(writtenFor(158, { _: 'updatePeerBlocked', peerId })).toMatchObject({ blocked: false })
  })

  const revenue = (): Tl<'starsRevenueStatus'> => {
    const none = { _: 'starsAmount', amount: 0n, nanos: 0 } as const
    return { _: 'starsRevenueStatus', currentBalance: none, availableBalance: none, overallRevenue: none }
  }

  it('is left off, if it is optional', () => {
    const richMessage = { _: 'richMessage', blocks: [], photos: [], documents: [] } as const
    expect(writtenFor(198, message({ richMessage }))).toEqual(message({}))
  })
})

describe('keyboards', () => {
  const inline: Tl<'replyInlineMarkup'> = {
    _: 'replyInlineMarkup',
    rows: [
      {
        _: 'keyboardInlineButtonRow',
        buttons: [
          { _: 'keyboardInlineButton', text: 'a', type: { _: 'inlineButtonTypeUrl', url: 'https://x' } },
          {
            _: 'keyboardInlineButton',
            text: 'b',
            type: { _: 'inlineButtonTypeCallback', data: Buffer.from('1') },
          },
        ],
      },
    ],
  }
  const oldInline = {
    _: 'replyInlineMarkup',
    rows: [
      {
        _: 'keyboardButtonRow',
        buttons: [
          { _: 'keyboardButtonUrl', text: 'a', url: 'https://x' },
          { _: 'keyboardButtonCallback', text: 'b', data: Buffer.from('1') },
        ],
      },
    ],
  }
  const reply: Tl<'replyKeyboardMarkup'> = {
    _: 'replyKeyboardMarkup',
    rows: [
      {
        _: 'keyboardButtonRow',
        buttons: [
          { _: 'keyboardButton', text: 'a', type: { _: 'buttonTypeDefault' } },
          { _: 'keyboardButton', text: 'b', type: { _: 'buttonTypeRequestPhone' } },
        ],
      },
    ],
  }
  const oldReply = {
    _: 'replyKeyboardMarkup',
    rows: [
      {
        _: 'keyboardButtonRow',
        buttons: [
          { _: 'keyboardButton', text: 'a' },
          { _: 'keyboardButtonRequestPhone', text: 'b' },
        ],
      },
    ],
  }

  it.each([167, 198, 227, 228])('have buttons by kind in layer %i, both ways', (layer) => {
    expect(writtenFor(layer, inline)).toEqual(oldInline)
    expect(writtenFor(layer, reply)).toEqual(oldReply)
    expect(requestOf(layer, { ...sendMessage, replyMarkup: oldInline }).replyMarkup).toEqual(inline)
    expect(requestOf(layer, { ...sendMessage, replyMarkup: oldReply }).replyMarkup).toEqual(reply)
  })

  it('keep a button that the layer lacks, without its deed', () => {
    const copy = {
      _: 'keyboardInlineButton',
      text: 'c',
      type: { _: 'inlineButtonTypeCopy', copyText: 'x' },
    } as const
    const markup: AnyObject = { ...inline, rows: [{ _: 'keyboardInlineButtonRow', buttons: [copy] }] }
    const buttons = [{ _: 'keyboardButtonCallback', text: 'c', data: Buffer.alloc(0) }]
    expect(writtenFor(167, markup).rows).toEqual([{ _: 'keyboardButtonRow', buttons }])
  })
})

describe('results', () => {
  const updates: TlType<'Updates'> = { _: 'updates', updates: [], users: [], chats: [], date: 1, seq: 0 }
  const invited: AnyObject = { _: 'messages.invitedUsers', updates, missingInvitees: [] }

  it.each(['messages.createChat', 'messages.addChatUser', 'channels.inviteToChannel'] as const)(
    '%s answers updates at first, and who could not be invited later',
    (method) => {
      expect(decodeResult(method, encodeResult(method, invited, 170), 170)).toEqual(updates)
      expect(decodeResult(method, encodeResult(method, invited, 198), 198)).toEqual(invited)
    },
  )

  it('may be vectors and plain values', () => {
    const filters = encodeResult(
      'messages.getDialogFilters',
      { _: 'messages.dialogFilters', filters: [] },
      167,
    )
    expect(decodeResult('messages.getDialogFilters', filters, 167)).toEqual([])
    const ids = encodeResult('messages.receivedQueue', [1n, -1n], 198)
    expect(decodeResult('messages.receivedQueue', ids, 198)).toEqual([1n, -1n])
    expect(encodeResult('account.updateStatus', true, 198).toString('hex')).toBe('b5757299')
  })

  it('of the newest layer must have the right type', () => {
    expect(() => encodeResult('messages.sendMessage', { _: 'userEmpty', id: 1 }, 229)).toThrow(TypeError)
  })
})

describe('requests of old layers', () => {
  it('are given what the newest shape requires', () => {
    const peer = { _: 'inputPeerChannel', channelId: 5, accessHash: 6n }
    const channel = { _: 'inputChannel', channelId: 5, accessHash: 6n }
    expect(requestOf(204, { _: 'channels.deleteTopicHistory', channel, topMsgId: 3 })).toEqual({
      _: 'messages.deleteTopicHistory',
      peer,
      topMsgId: 3,
    })
    const replyTo = { _: 'inputReplyToStory', userId: { _: 'inputUserSelf' }, storyId: 4 }
    expect(requestOf(167, { ...sendMessage, replyTo }).replyTo).toEqual({
      _: 'inputReplyToStory',
      peer: { _: 'inputPeerSelf' },
      storyId: 4,
    })
  })

  it('name what layer 158 replies to by its id', () => {
    expect(requestOf(158, { ...sendMessage, replyToMsgId: 7, topMsgId: 3 }).replyTo).toEqual({
      _: 'inputReplyToMessage',
      replyToMsgId: 7,
      topMsgId: 3,
    })
    expect(requestOf(158, sendMessage)).not.toHaveProperty('replyTo')
  })

  it('keep name and shape when the newest layer has no match', () => {
    const call = { _: 'help.getAppChangelog', prevAppVersion: '1' }
    expect(requestOf(167, call)).toEqual(call)
  })

  it('tell correct answers by position', () => {
    const answers = ['a', 'b'].map((text) => ({ _: 'pollAnswer', text, option: Buffer.from(text) }))
    const poll = { _: 'poll', id: 1n, question: 'q', answers }
    const media = { _: 'inputMediaPoll', poll, correctAnswers: [Buffer.from('b')] }
    const call = requestOf(167, {
      _: 'messages.sendMedia',
      peer: { _: 'inputPeerSelf' },
      media,
      message: '',
      randomId: 1n,
    })
    expect(call.media).toMatchObject({ correctAnswers: [1], poll: { question: textOf('q') } })
  })
})
