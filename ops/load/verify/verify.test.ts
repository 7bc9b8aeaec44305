import { describe, expect, it } from 'vitest'
import { Findings, noFindings } from './findings.ts'
import { type ChatHistories, checkHistories } from './history.ts'
import { Mailbox, type MailboxMessage } from './mailbox.ts'
import { type Side, StreamLedger } from './stream.ts'

const message = (number: number, msgId = number + 1): MailboxMessage => ({ msgId, stream: 0, number })

function rig() {
  const findings = new Findings()
  const ledger = new StreamLedger('a→b', findings)
  const mailbox = new Mailbox(
    'b',
    findings,
    ({ number, msgId }) => ledger.told('receiver', number, msgId),
    ({ number }) => ledger.wasTold('receiver', number),
  )
  mailbox.pts = 1
  const send = (count: number) => {
    for (let i = 0; i < count; i++) ledger.acknowledged(ledger.open(0), i + 1)
  }
  const push = (number: number, pts = number + 2) => mailbox.take(pts, 1, message(number), 0)
  return { findings, ledger, mailbox, send, push }
}

describe('the updates of a mailbox', () => {
  it('are fine in order, early, and again', () => {
    const { findings, mailbox, send, push } = rig()
    send(4)
    for (const number of [0, 2, 3, 1, 1, 3]) push(number)
    expect(mailbox.pts).toBe(5)
    expect(mailbox.repeats).toBe(2)
    expect(mailbox.gapSinceMs).toBeUndefined()
    expect(findings.total).toBe(0)
  })

  it('may be said again with a count of 0, as a repeated request is answered', () => {
    const { findings, ledger, mailbox, send, push } = rig()
    send(3)
    push(0)
    mailbox.take(2, 0, message(0), 0)
    mailbox.take(4, 0, message(1), 0)
    expect(mailbox.gapSinceMs).toBe(0)
    mailbox.difference({ messages: [message(1), message(2)], others: 0, pts: 4 })
    mailbox.resume(0)
    expect(ledger.receivedCount).toBe(3)
    expect(mailbox.gapSinceMs).toBeUndefined()
    expect(findings.total).toBe(0)
  })

  it('show a gap that the difference closes, once', () => {
    const { findings, ledger, mailbox, send, push } = rig()
    send(5)
    push(0)
    push(3)
    expect(mailbox.gapSinceMs).toBe(0)
    mailbox.take(6, 1, message(4), 0, true)
    mailbox.difference({ messages: [message(1), message(2), message(3)], others: 0, pts: 5 })
    mailbox.resume(0)
    expect(mailbox.pts).toBe(6)
    expect(ledger.receivedCount).toBe(5)
    expect(findings.total).toBe(0)
  })

  it('give away a planted loss: a message that neither update nor difference tells', () => {
    const { findings, ledger, mailbox, send, push } = rig()
    send(3)
    push(0)
    mailbox.difference({ messages: [message(2)], others: 0, pts: 4 })
    ledger.checkTold()
    expect(findings.counts).toMatchObject({ 'pts gap': 1, lost: 1 + 3 })
  })

  it('give away a planted double: the same message under two ids', () => {
    const { findings, mailbox, send, push } = rig()
    send(1)
    push(0)
    mailbox.take(3, 1, message(0, 2), 0)
    expect(findings.counts).toMatchObject({ doubled: 1 })
  })

  it('give away planted disorder: an id that falls', () => {
    const { findings, mailbox, send } = rig()
    send(2)
    mailbox.take(2, 1, message(1, 2), 0)
    mailbox.take(3, 1, message(0, 1), 0)
    expect(findings.counts).toMatchObject({ 'out of order': 1 })
  })

  it('give away a pts that is given twice, and one that goes back', () => {
    const { findings, mailbox, send, push } = rig()
    send(3)
    push(0)
    push(1)
    push(2, 3)
    expect(findings.counts).toMatchObject({ 'pts gap': 1 })
    mailbox.difference({ messages: [], others: 0, pts: 1 })
    expect(findings.counts).toMatchObject({ 'pts gap': 2 })
  })

  it('give away what was never sent', () => {
    const { findings, push } = rig()
    push(0)
    expect(findings.counts).toMatchObject({ foreign: 1 })
  })
})

describe('the histories of a chat', () => {
  /** Both histories as given (numbers of one stream), after `count` acknowledged messages. */
  function check(count: number, one: MailboxMessage[], other = one, before?: (ledger: StreamLedger) => void) {
    const findings = new Findings()
    const ledger = new StreamLedger('a→b', findings)
    for (let number = 0; number < count; number++) {
      ledger.open(0)
      ledger.acknowledged(number, number + 1)
      ledger.told('sender', number, number + 1)
      ledger.told('receiver', number, number + 1)
    }
    before?.(ledger)
    const member = (name: string, side: Side, history: MailboxMessage[]) => ({
      name,
      history,
      sideOf: () => side,
    })
    const chat: ChatHistories = {
      name: 'a–b',
      streams: new Map([[0, ledger]]),
      members: [member('a', 'sender', one), member('b', 'receiver', other)],
    }
    checkHistories(chat, findings)
    return findings.counts
  }
  const messages = (...numbers: number[]) => numbers.map((number) => message(number))
  const clean = noFindings()

  it('may be as sent, with an unacknowledged message at most once', () => {
    expect(check(3, messages(0, 1, 2))).toEqual(clean)
    expect(check(3, messages(0, 1, 2, 3), undefined, (ledger) => ledger.open(0))).toEqual(clean)
  })

  it.each([
    ['loss', messages(0, 2), messages(0, 1, 2), { ...clean, lost: 1 }],
    ['double', messages(0, 1, 1, 2), messages(0, 1, 2), { ...clean, doubled: 1 }],
    [
      'double under another id',
      [...messages(0, 1), message(2, 9)],
      messages(0, 1, 2),
      { ...clean, doubled: 1 },
    ],
    ['disorder', messages(1, 0, 2), messages(1, 0, 2), { ...clean, 'out of order': 2 }],
    ['different orders', messages(0, 1, 2), messages(0, 2, 1), { ...clean, 'out of order': 2 }],
    [
      'stranger',
      [...messages(0, 1, 2), { ...message(0, 4), stream: 7 }],
      messages(0, 1, 2),
      { ...clean, foreign: 1 },
    ],
  ])('give away a planted %s', (_, one, other, expected) => {
    expect(check(3, one, other)).toEqual(expected)
  })

  it('may have what was repeated after a failure later than it was sent first', () => {
    expect(check(3, messages(1, 2, 0), undefined, (ledger) => ledger.repeated(0))).toEqual(clean)
  })

  it('may have what is sent in any order later than what came after it', () => {
    const openBoth = (ledger: StreamLedger) => {
      ledger.openUnordered(0)
      ledger.open(0)
    }
    expect(check(3, messages(0, 1, 2, 4, 3), undefined, openBoth)).toEqual(clean)
  })

  it('must not have what was refused', () => {
    const refuse = (ledger: StreamLedger) => ledger.refused(ledger.open(0), '400')
    expect(check(1, messages(0, 1), undefined, refuse)).toEqual({ ...clean, foreign: 2, refused: 1 })
  })
})
