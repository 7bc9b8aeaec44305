import type { ChatCommand, ChatEvent } from '@heliograph/schemas/avro'
import { channelUpdates, chats, messages } from '@heliograph/storage'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RowMap } from '../runtime/specification.ts'
import { messageDecider } from './index.ts'
import { dave, everybody, founded, supergroup } from './public.samples.ts'
import { alice, edit, remove, send, seq } from './samples.ts'

const chatId = supergroup
const command: fc.Arbitrary<ChatCommand> = fc
  .record({
    kind: fc.constantFrom('send', 'send', 'send', 'edit', 'delete', 'pin', 'unpin'),
    who: fc.constantFrom(...everybody, dave),
    at: fc.integer({ min: 1, max: 8 }),
    more: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 3 }),
    told: fc.boolean(),
    randomId: fc.bigInt({ min: 1n, max: 60n }),
  })
  .map(({ kind, who, at, more, told, randomId }): ChatCommand => {
    if (kind === 'send') return send(who, { chatId, randomId, replyToSeq: told ? seq(at) : null })
    if (kind === 'edit') return edit(who, at, chatId)
    if (kind === 'delete') return { ...remove(who, [at, ...more], told), chatId }
    const service = { service: told ? Buffer.from('pinned') : null, serviceRandomId: randomId + 100n }
    const seqs = [at, ...more].map(seq)
    return {
      type: 'PinMessages',
      chatId,
      userId: who,
      seqs,
      pinned: kind === 'pin',
      oneSide: false,
      ...service,
    }
  })

interface Life {
  readonly rows: RowMap
  readonly events: readonly ChatEvent[]
}

function live(commands: readonly ChatCommand[]): Life {
  const rows = new RowMap().apply(founded(chatId))
  const events = commands.flatMap((each, offset) => {
    const at = { date: 1000 + offset, partition: 0, partitions: 1, offset }
    const decision = messageDecider.decide(rows.only(messageDecider.needs(each)), each, at)
    if ('rejected' in decision) return []
    for (const event of decision.events) {
      mayHappen(rows, each, event)
      rows.apply(messageDecider.project(event))
    }
    return decision.events
  })
  return { rows, events }
}

/** Nobody but its author or the creator touches a message, and no stranger does anything. */
function mayHappen(rows: RowMap, each: ChatCommand, event: ChatEvent): void {
  const who =
    'senderId' in each
      ? each.senderId
      : 'editorId' in each
        ? each.editorId
        : (each as { userId: number }).userId
  expect(who).not.toBe(dave)
  const authorOf = (at: number) => rows.get(messages, { chatId, seq: at })?.senderId
  if (event.type === 'MessageEdited') expect(authorOf(event.seq)).toBe(who)
  if (event.type !== 'MessagesDeleted' || who === alice) return
  for (const { seq: at } of event.messages) expect(authorOf(at)).toBe(who)
}

describe('a channel under random commands', () => {
  it('moves its pts without a gap, tells each move once, and replays to the same rows', () => {
    const property = fc.property(fc.array(command, { maxLength: 60, size: 'max' }), (commands) => {
      const { rows, events } = live(commands)
      let pts = 1
      for (const event of events) {
        const told = messageDecider.react(event, { cause: null, epoch: 1, reply: null }, { ...ANYWHERE })
        if (event.type === 'SendRepeated') expect(told).toEqual([])
        for (const { record } of told as unknown as readonly {
          record: { pts: number; ptsCount: number }
        }[]) {
          expect(record.pts - record.ptsCount).toBe(pts)
          expect(rows.get(channelUpdates, { chatId, pts: record.pts })).toMatchObject({
            ptsCount: record.ptsCount,
          })
          pts = record.pts
        }
      }
      const sent = events.filter(({ type }) => type === 'MessageSent').length
      if (sent > 0) expect(rows.get(chats, { chatId })).toMatchObject({ pts, lastSeq: sent })
      const replayed = new RowMap().apply(founded(chatId))
      for (const event of events) replayed.apply(messageDecider.project(event))
      expect(replayed.entries()).toEqual(rows.entries())
    })
    fc.assert(property, { numRuns: 200 })
  })
})

const ANYWHERE = { date: 0, partition: 0, partitions: 1, offset: 0 }
