import { MAX_MENTIONS_PER_COMMAND, type MentionsRead, type ReadMentions } from '@heliograph/schemas/avro'
import { unreadMentions } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { caller, RowMap, someAt, specification } from '../runtime/specification.ts'
import { messageDecider } from './index.ts'
import { carol, founded, group, ownPeer, sentToChannel, sentToGroup, supergroup } from './public.samples.ts'
import { alice, bob, seq } from './samples.ts'

const spec = specification(messageDecider).with(...founded(group), ...founded(supergroup))
const see = (chatId: ReadMentions['chatId'], ...seqs: number[]): ReadMentions => ({
  type: 'ReadMentions',
  chatId,
  userId: carol,
  seqs: seqs.map(seq),
})
const seen = (chatId: ReadMentions['chatId'], pts: number, ...seqs: number[]): MentionsRead => ({
  ...see(chatId, ...seqs),
  type: 'MentionsRead',
  date: someAt.date,
  pts,
})

describe('ReadMentions', () => {
  it('tells the mailbox of the user, of what was unread alone', () => {
    const mention = sentToGroup(alice, { mentioned: [carol] })
    const reactions = spec
      .given(mention)
      .when(see(group, 1, 2, 1))
      .gives(seen(group, 0, 1))
    const record = { type: 'MailboxContentsRead', userId: carol, peerId: ownPeer(group), seqs: [1] }
    expect(reactions).toMatchObject([{ kind: 'record', record, reply: caller }])
    const rows = new RowMap().apply(messageDecider.project(mention))
    rows.apply(messageDecider.project(seen(group, 0, 1)))
    expect(rows.get(unreadMentions, { userId: carol, chatId: group, seq: 1 })).toBeUndefined()
  })

  it('leaves the pts of a channel as it is', () => {
    const reactions = spec
      .given(sentToChannel(bob, { mentioned: [carol] }))
      .when(see(supergroup, 1))
      .gives(seen(supergroup, 2, 1))
    expect(reactions).toMatchObject([
      { kind: 'answer', record: { channel: { seq: 0, pts: 2, ptsCount: 0 } } },
      { kind: 'publication', record: { kind: 'contents', pts: 0, seqs: [1], userIds: [carol] } },
    ])
  })

  it('has nothing to do where all has been seen', () => {
    spec
      .given(sentToChannel(bob, { mentioned: [carol] }), seen(supergroup, 2, 1))
      .when(see(supergroup, 1))
      .gives()
    spec.given(sentToGroup(alice)).when(see(group, 1)).gives()
  })

  it('refuses too many at once', () => {
    const seqs = Array.from({ length: MAX_MENTIONS_PER_COMMAND + 1 }, (_, index) => index + 1)
    spec
      .given()
      .when(see(group, ...seqs))
      .rejected(400, 'LIMIT_INVALID')
  })
})
