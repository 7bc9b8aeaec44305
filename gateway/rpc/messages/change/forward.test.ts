import { describe, expect, it } from 'vitest'
import { textContent } from '../content.ts'
import type { OpenedMessage } from '../mailbox/rendered.ts'
import { ALICE, BOB } from '../test-rig.ts'
import { forwardedContent } from './forward.ts'

const message = (senderId: number): OpenedMessage => ({
  entry: {
    peerId: BOB as never,
    seq: 3 as never,
    msgId: 9,
    senderId: senderId as never,
    out: senderId === ALICE,
    date: 100,
    replyToMsgId: 4,
    deleted: false,
  },
  content: undefined,
  editDate: 0,
  silent: false,
  isAbsent: true,
})
const original = { ...textContent('words'), quote: { text: 'q', entities: [], offset: 0 } }

describe('forwardedContent', () => {
  it('names the author and drops what the message answered', () => {
    expect(forwardedContent(message(BOB), original, {} as never, false)).toMatchObject({
      text: 'words',
      quote: null,
      forward: { fromUserId: BOB, date: 100, savedFromPeerId: null, savedFromMsgId: null },
    })
  })

  it('keeps the first author over several steps, and where it was saved from', () => {
    const first = forwardedContent(message(BOB), original, {} as never, false)
    expect(forwardedContent(message(ALICE), first, {} as never, true).forward).toEqual({
      fromUserId: BOB,
      fromName: null,
      date: 100,
      savedFromPeerId: BOB,
      savedFromMsgId: 9,
    })
  })

  it('drops the author when asked, and captions of media', () => {
    const media = { ...original, media: Buffer.from([1]) }
    const copy = forwardedContent(
      message(BOB),
      media,
      { dropAuthor: true, dropMediaCaptions: true } as never,
      false,
    )
    expect(copy).toMatchObject({ forward: null, text: '', media: media.media })
  })

  it('refuses what may not be forwarded', () => {
    const kept = { ...original, flags: ['noforwards'] }
    expect(() => forwardedContent(message(BOB), kept, {} as never, false)).toThrow('CHAT_FORWARDS_RESTRICTED')
  })
})
