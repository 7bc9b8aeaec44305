import { beforeAll, describe, expect, it } from 'vitest'
import { addUsers } from '../channel-rig.ts'
import { textContent } from '../content.ts'
import type { OpenedMessage } from '../mailbox/rendered.ts'
import { ALICE, BOB, Rig } from '../test-rig.ts'
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
  row: undefined,
  isPost: false,
})
const original = { ...textContent('words'), quote: { text: 'q', entities: [], offset: 0 } }

describe('forwardedContent', () => {
  let rig: Rig
  beforeAll(async () => {
    rig = await Rig.start()
    await addUsers(rig, { [ALICE]: 'Alice', [BOB]: 'Bob' })
  })
  const forwarded = (
    ...rest: Parameters<typeof forwardedContent> extends [unknown, ...infer R] ? R : never
  ) => forwardedContent(rig.context(ALICE), ...rest)

  it('names the author and drops what the message answered', async () => {
    expect(await forwarded(message(BOB), original, {} as never, false)).toMatchObject({
      text: 'words',
      quote: null,
      forward: { fromUserId: BOB, date: 100, savedFromPeerId: null, savedFromMsgId: null },
    })
  })

  it('keeps the first author over several steps, and where it was saved from', async () => {
    const first = await forwarded(message(BOB), original, {} as never, false)
    expect((await forwarded(message(ALICE), first, {} as never, true)).forward).toMatchObject({
      fromUserId: BOB,
      fromName: null,
      date: 100,
      savedFromPeerId: BOB,
      savedFromMsgId: 9,
    })
  })

  it('drops the author when asked, and captions of media', async () => {
    const media = { ...original, media: Buffer.from([1]) }
    const copy = await forwarded(
      message(BOB),
      media,
      { dropAuthor: true, dropMediaCaptions: true } as never,
      false,
    )
    expect(copy).toMatchObject({ forward: null, text: '', media: media.media })
  })

  it('refuses what may not be forwarded', async () => {
    const kept = { ...original, flags: ['noforwards'] }
    await expect(forwarded(message(BOB), kept, {} as never, false)).rejects.toThrow(
      'CHAT_FORWARDS_RESTRICTED',
    )
  })
})
