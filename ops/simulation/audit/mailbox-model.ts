import type { MailboxContentsRead, MailboxPinned, MailboxRecord, UserId } from '@heliograph/schemas/avro'
import type { AnyRow } from '@heliograph/storage'
import type { Fact } from './facts.ts'

interface Letter {
  readonly peerId: number
  readonly seq: number
  readonly msgId: number
  readonly senderId: number
  readonly out: boolean
  readonly date: number
  readonly replyToMsgId: number
  readonly incomingCount: number
  deleted: boolean
  /** What a client shows: the sealed body as it is now. */
  body: string
}
/** What a client of this user shows. */
export interface Shown {
  /** Body by message id. */
  readonly bodies: Map<number, string>
  /** `in` or `out` and the peer → highest message id read. */
  readonly reads: Map<string, number>
}
interface Mark {
  readonly seq: number
  readonly msgId: number
}
const NOT_READ: Mark = { seq: 0, msgId: 0 }

/** A user's mailbox, counted as one would by hand: everything is kept, and every number is counted anew when asked for. */
export class MailboxModel {
  readonly userId: UserId
  readonly letters: Letter[] = []
  readonly updates: AnyRow[] = []
  /** What clients show at each pts. */
  readonly shown = new Map<number, Shown>()
  pts = 1
  #date = 0
  #offset = -1
  readonly #reads = new Map<string, Mark>()
  readonly #dialogOffsets = new Map<number, number>()

  constructor(userId: UserId) {
    this.userId = userId
    this.shown.set(this.pts, this.#show())
  }

  take({ record, offset }: Fact<MailboxRecord>): void {
    this.#offset = offset
    if (record.type === 'MailboxRepeated') return
    const moves = ['MailboxMessage', 'MailboxDeleted', 'MailboxRead'].includes(record.type)
    if (moves) this.#dialogOffsets.set(record.peerId, offset)
    switch (record.type) {
      case 'MailboxMessage':
        return this.#receive(record)
      case 'MailboxEdited': {
        const letter = this.#letter(record.peerId, record.seq)
        letter.body = record.sealed.toString()
        return this.#update('edit', record.peerId, record.editDate, letter)
      }
      case 'MailboxDeleted': {
        const letters = record.seqs.map((seq) => this.#letter(record.peerId, seq))
        for (const letter of letters) letter.deleted = true
        return this.#update(
          'delete',
          record.peerId,
          record.date,
          NOT_READ,
          letters.map(({ msgId }) => msgId),
        )
      }
      case 'MailboxRead': {
        const way = record.out ? 'out' : 'in'
        const letter = this.#letter(record.peerId, record.upToSeq)
        this.#reads.set(`${way} ${record.peerId}`, letter)
        return this.#update(`read-${way}`, record.peerId, record.date, letter)
      }
      case 'MailboxPinned':
        return this.#mark(record.pinned ? 'pin' : 'unpin', record)
      case 'MailboxContentsRead':
        return this.#mark('contents', record)
    }
  }

  #mark(kind: string, { peerId, date, seqs }: MailboxPinned | MailboxContentsRead): void {
    const msgIds = seqs.map((seq) => this.#letter(peerId, seq).msgId)
    this.#update(kind, peerId, date, NOT_READ, msgIds)
  }

  counters(): AnyRow {
    const { userId, pts } = this
    return { userId, pts, msgId: this.letters.length, date: this.#date, offset: this.#offset }
  }

  history(): AnyRow[] {
    return this.letters.map((letter) => ({ ...letter, userId: this.userId }))
  }

  dialogs(): AnyRow[] {
    return [...this.#dialogOffsets].map(([peerId, offset]) => ({ ...this.#dialog(peerId), offset }))
  }

  #dialog(peerId: number): AnyRow {
    const letters = this.letters.filter((letter) => letter.peerId === peerId)
    const incoming = letters.filter(({ out }) => !out)
    const top = letters.at(-1)
    const readIn = this.#reads.get(`in ${peerId}`) ?? NOT_READ
    const readOut = this.#reads.get(`out ${peerId}`) ?? NOT_READ
    const unseen = incoming.filter(({ seq }) => seq > readIn.seq)
    return {
      userId: this.userId,
      peerId,
      topSeq: top?.seq,
      topMsgId: top?.msgId,
      topDate: top?.date,
      incomingCount: incoming.length,
      messageCount: letters.filter(({ deleted }) => !deleted).length,
      unread: unseen.filter(({ deleted }) => !deleted).length,
      readInSeq: readIn.seq,
      readInMaxId: readIn.msgId,
      readOutSeq: readOut.seq,
      readOutMaxId: readOut.msgId,
      deletedUnread: unseen.filter(({ deleted }) => deleted).map(({ seq }) => seq),
    }
  }

  #receive({
    peerId,
    seq,
    senderId,
    out,
    date,
    replyToSeq,
    sealed,
  }: MailboxRecord & { type: 'MailboxMessage' }): void {
    const before = this.letters.filter((letter) => letter.peerId === peerId)
    const letter = {
      peerId,
      seq,
      msgId: this.letters.length + 1,
      senderId,
      out,
      date,
      replyToMsgId: before.find((each) => each.seq === replyToSeq)?.msgId ?? 0,
      incomingCount: before.filter((each) => !each.out).length + (out ? 0 : 1),
      deleted: false,
      body: sealed.toString(),
    }
    this.letters.push(letter)
    this.#update('message', peerId, date, letter)
  }

  #update(kind: string, peerId: number, date: number, { msgId, seq }: Mark, msgIds: number[] = []): void {
    const ptsCount = Math.max(msgIds.length, 1)
    this.pts += ptsCount
    this.#date = Math.max(this.#date, date)
    this.updates.push({
      userId: this.userId,
      pts: this.pts,
      ptsCount,
      date,
      kind,
      peerId,
      msgId,
      seq,
      msgIds,
    })
    this.shown.set(this.pts, this.#show())
  }

  #show(): Shown {
    const bodies = this.letters
      .filter(({ deleted }) => !deleted)
      .map(({ msgId, body }) => [msgId, body] as const)
    const reads = [...this.#reads].map(([way, { msgId }]) => [way, msgId] as const)
    return { bodies: new Map(bodies), reads: new Map(reads) }
  }

  #letter(peerId: number, seq: number): Letter {
    const letter = this.letters.find((each) => each.peerId === peerId && each.seq === seq)
    if (letter === undefined) throw new Error(`message ${seq} of ${peerId} never reached ${this.userId}`)
    return letter
  }
}
