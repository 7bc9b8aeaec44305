import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import type { Shown } from '../clients/counted-view.ts'
import { type Changed, type Deeds, parseText, type Sent } from '../clients/deeds.ts'
import type { Testimony } from '../clients/testimony.ts'

/** What was acknowledged happened, once, to all whom it concerns, and in an order that all of them see. */
export function auditDeeds(deeds: Deeds, testimonies: readonly Testimony[]): void {
  const histories = new Map(testimonies.map((testimony) => [testimony.device.userId, new Had(testimony)]))
  for (const sent of deeds.sent) {
    strictEqual(sent.refused, undefined, `message ${sent.n} was refused`)
    const changes = deeds.changed.filter(({ n }) => n === sent.n)
    for (const userId of [sent.from, sent.to]) auditMessage(sent, changes, histories.get(userId)!, userId)
  }
  const users = [...histories.keys()]
  for (const a of users)
    for (const b of users) if (a < b) auditOrder(deeds, histories.get(a)!, histories.get(b)!, a, b)
}

/** Messages of one account by their numbers. */
class Had {
  readonly #messages: readonly Shown[]

  constructor({ histories }: Testimony) {
    this.#messages = [...histories.values()].flatMap((history) => [...history].reverse())
  }

  of(n: number): readonly Shown[] {
    return this.#messages.filter(({ text }) => parseText(text)?.n === n)
  }

  /** Numbers of the messages in the chat with `peerId`, in order. */
  numbersWith(peerId: number): number[] {
    const own = this.#messages.filter((message) => message.peerId === peerId)
    return own.flatMap(({ text }) => parseText(text)?.n ?? [])
  }
}

function auditMessage(sent: Sent, changes: readonly Changed[], had: Had, userId: number): void {
  const where = `message ${sent.n} of ${sent.from} to ${sent.to} at ${userId}`
  const found = had.of(sent.n)
  const deletions = changes.filter(({ kind, by }) => kind !== 'edit' && (kind === 'revoke' || by === userId))
  const isGone = deletions.some((change) => change.acknowledged && isCertain(change, changes, userId))
  if (isGone) return strictEqual(found.length, 0, `${where} was deleted`)
  if (deletions.length > 0) return ok(found.length <= 1, `${where} is there ${found.length} times`)
  strictEqual(found.length, 1, `how often ${where} is there`)
  const [message] = found
  if (userId === sent.from) strictEqual(message!.id, sent.msgId, `id of ${where}`)
  const edit = parseText(message!.text)!.edit
  const edits = changes.filter(({ kind }) => kind === 'edit')
  if (edits.some(({ acknowledged }) => acknowledged)) ok(edit > 0, `${where} was edited`)
  if (edits.length === 0) strictEqual(edit, 0, `${where} was edited by nobody`)
}

/** Whoever no longer has a message cannot take it from others: to delete what is not there is no error. */
function isCertain(deletion: Changed, changes: readonly Changed[], userId: number): boolean {
  const { by } = deletion
  return by === userId || !changes.some((other) => other.kind === 'delete' && other.by === by)
}

function auditOrder(deeds: Deeds, hadA: Had, hadB: Had, a: number, b: number): void {
  const [atA, atB] = [hadA.numbersWith(b), hadB.numbersWith(a)]
  const both = new Set(atA.filter((n) => atB.includes(n)))
  const common = (numbers: readonly number[]) => numbers.filter((n) => both.has(n))
  deepStrictEqual(common(atA), common(atB), `order of the messages of ${a} and ${b}`)
  const sends = common(atA).map((n) => deeds.sent[n - 1]!)
  for (const [i, later] of sends.entries()) {
    for (const earlier of sends.slice(i + 1)) {
      const isLater = earlier.from === later.from && (earlier.answeredMs ?? Infinity) < later.begunMs
      ok(!isLater, `message ${later.n} stands before ${earlier.n}, which was acknowledged when it was begun`)
    }
  }
}
