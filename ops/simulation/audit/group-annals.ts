import type { ChatId } from '@heliograph/schemas/avro'
import { groupRandomId } from '../clients/groups.ts'
import { type Annals, annalsOf } from './club-annals.ts'
import type { Facts } from './facts.ts'

/** What a basic group's events say: messages are told to those who are in, and each of them keeps its own. */
export interface GroupAnnals extends Annals {
  /** A post's seq, by its own number. */
  seqOf(n: number): number | undefined
  /** Whom each message was for, by its seq. */
  readonly meant: ReadonlyMap<number, readonly number[]>
  /** Who has each no more. */
  readonly lost: ReadonlyMap<number, ReadonlySet<number>>
  /** Of each edit of a message, whom it was told. */
  readonly amended: ReadonlyMap<number, readonly (readonly number[])[]>
  /** Whether somebody is in it in the end. */
  isIn(userId: number): boolean
  /** Messages that somebody who has left is not to see: they were edited last when it was not in. */
  hiddenFrom(userId: number): ReadonlySet<number>
}

export function groupAnnalsOf(facts: Facts, chatId: number): GroupAnnals {
  const id = `g${chatId}` as ChatId
  const annals = annalsOf(facts, id)
  const meant = new Map<number, readonly number[]>()
  const lost = new Map<number, Set<number>>()
  const amended = new Map<number, (readonly number[])[]>()
  for (const { record } of facts.chatEvents) {
    if (record.chatId !== id) continue
    if (record.type === 'MessageSent') meant.set(record.seq, record.members)
    else if (record.type === 'MessageEdited')
      amended.set(record.seq, [...(amended.get(record.seq) ?? []), record.keptBy])
    else if (record.type === 'MessagesDeleted')
      for (const { seq, lostBy } of record.messages)
        lost.set(seq, new Set([...(lost.get(seq) ?? []), ...lostBy]))
  }
  const seqOf = (n: number) => annals.byRandomId.get(groupRandomId({ n }))
  const isIn = (userId: number) => annals.inside.get(userId)?.at(-1)?.until === Infinity
  const hiddenFrom = (userId: number) => {
    if (isIn(userId)) return new Set<number>()
    const missed = [...amended].filter(([, edits]) => edits.at(-1)?.includes(userId) === false)
    return new Set(missed.map(([seq]) => seq))
  }
  return { ...annals, seqOf, meant, lost, amended, isIn, hiddenFrom }
}
