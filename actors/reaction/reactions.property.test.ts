import type { ChatCommand, UserId } from '@heliograph/schemas/avro'
import {
  messageReactions,
  messageReactors,
  pollResults,
  polls,
  pollVotes,
  pollVotesByDate,
  reactorsByDate,
  unreadReactions,
} from '@heliograph/storage'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { everybody, extra, founded, supergroup } from '../message/public.samples.ts'
import { alice, remove, send, seq } from '../message/samples.ts'
import { RowMap } from '../runtime/specification.ts'

const chatId = supergroup
const EMOJI = ['👍', '❤', '🔥', '🎉', '👏']
const OPTIONS = [0, 1, 2].map((place) => Buffer.from([place]))
const SEQS = [1, 2, 3]

const poll = {
  pollId: 1n,
  options: OPTIONS,
  multiple: true,
  quiz: false,
  publicVoters: true,
  noRevote: false,
  hiddenResults: false,
  correct: [],
  closeDate: 0,
}
const asked = (randomId: bigint): ChatCommand =>
  send(alice, { chatId, randomId, extra: extra({ kinds: ['poll'], poll }) })

const command: fc.Arbitrary<ChatCommand> = fc
  .record({
    kind: fc.constantFrom('react', 'react', 'react', 'vote', 'vote', 'clear', 'read', 'delete'),
    userId: fc.constantFrom(...everybody),
    at: fc.constantFrom(...SEQS),
    reactions: fc.subarray(EMOJI, { maxLength: 4 }),
    options: fc.subarray(OPTIONS),
  })
  .map(({ kind, userId, at, reactions, options }): ChatCommand => {
    const place = { chatId, userId, seq: seq(at) }
    if (kind === 'react') return { type: 'SetReactions', ...place, reactions, big: false }
    if (kind === 'vote') return { type: 'VotePoll', ...place, options }
    const seqs = SEQS.map(seq)
    if (kind === 'clear') return { type: 'ClearReactions', chatId, byUserId: alice, userId, seqs }
    if (kind === 'read') return { type: 'ReadReactions', chatId, userId, kind: 'reactions', seqs }
    return { ...remove(alice, [at], true), chatId }
  })

/** What is left after the commands, each decided over nothing but what it needs. */
function live(commands: readonly ChatCommand[]): RowMap {
  const rows = new RowMap().apply(founded(chatId))
  for (const [offset, each] of [...SEQS.map((at) => asked(BigInt(at))), ...commands].entries()) {
    const at = { date: 1000 + offset, partition: 0, partitions: 1, offset }
    const decision = messageDecider.decide(rows.only(messageDecider.needs(each)), each, at)
    if ('rejected' in decision) continue
    for (const event of decision.events) rows.apply(messageDecider.project(event))
  }
  return rows
}

/** How often each of the values is named by anybody. */
function tally<T>(lists: readonly (readonly T[])[], values: readonly T[]): [T, number][] {
  const counts = values.map((value): [T, number] => [
    value,
    lists.filter((list) => list.includes(value)).length,
  ])
  return counts.filter(([, count]) => count > 0)
}

const byReaction = ([a]: [string, number], [b]: [string, number]) => (a < b ? -1 : 1)

describe('reactions and votes under random commands', () => {
  it('count what everybody has said, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const rows = live(commands)
        for (const at of SEQS) {
          const key = { chatId, seq: at }
          const row = rows.get(messageReactions, key)
          if (rows.get(polls, key) === undefined) {
            // The message is gone, and with it what stood beside it.
            expect([row, rows.get(pollResults, key)]).toEqual([undefined, undefined])
            expect(rows.get(unreadReactions, { userId: alice, kind: 'reactions', ...key })).toBeUndefined()
            continue
          }
          const own = everybody.map(
            (userId) => rows.get(messageReactors, { ...key, userId })?.reactions ?? [],
          )
          const counted = (row?.counts ?? []).map((stored): [string, number] => {
            const [count, reaction] = stored.split(':')
            return [reaction!, Number(count)]
          })
          expect(counted.sort(byReaction)).toEqual(tally(own, EMOJI).sort(byReaction))
          const votes = everybody.map((userId) => rows.get(pollVotes, { ...key, userId })?.options ?? [])
          const results = rows.get(pollResults, key)
          const places = (results?.counts ?? []).map((count, place): [number, number] => [place, count])
          expect(places.filter(([, count]) => count > 0)).toEqual(tally(votes, [0, 1, 2]))
          expect(results?.voters ?? 0).toBe(votes.filter((options) => options.length > 0).length)
        }
      }),
    )
  })

  it('stand once in the order of time', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const rows = live(commands)
        for (const at of SEQS) {
          for (const userId of everybody) oneEach(rows, at, userId)
        }
      }),
    )
  })
})

/** The rows by user and those by date tell the same. */
function oneEach(rows: RowMap, at: number, userId: UserId): void {
  const place = `${chatId},${at},`
  const dates = (table: string) =>
    rows
      .entries()
      .filter(([id]) => id.startsWith(`${table}(${place}`) && id.endsWith(`,${userId})`))
      .map(([, row]) => row.date)
  const key = { chatId, seq: at, userId }
  const own = rows.get(messageReactors, key)
  expect(dates(reactorsByDate.name)).toEqual(own === undefined ? [] : [own.date])
  const vote = rows.get(pollVotes, key)
  expect(dates(pollVotesByDate.name)).toEqual(vote === undefined ? [] : [vote.date])
}
