import {
  ADMIN_RIGHTS,
  BANNED_RIGHTS,
  type ChatCommand,
  type ChatEvent,
  type ChatId,
  type ChatMember,
  EmbeddedRegistry,
  type MembersChanged,
  RecordCodec,
  type UserId,
} from '@heliograph/schemas/avro'
import { type AnyRow, chatInfos, chatMembers, chatRoles, userChats } from '@heliograph/storage'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { send } from '../message/samples.ts'
import { calledHeader, RowMap, someAt } from '../runtime/specification.ts'
import {
  add,
  admin,
  alice,
  ban,
  bob,
  broadcast,
  carol,
  create,
  dave,
  edit,
  group,
  join,
  leave,
  link,
  putInvite,
  supergroup,
} from './samples.ts'
import { chatInfoOf, memberOf } from './state.ts'

const people = [alice, bob, carol, dave]
const chats = [group, supergroup, broadcast]
const { addAdmins, banUsers, changeInfo, inviteUsers, other } = ADMIN_RIGHTS
const { viewMessages, sendMessages } = BANNED_RIGHTS

interface Draw {
  readonly chatId: ChatId
  readonly by: UserId
  readonly to: UserId
  readonly rights: number
  readonly banned: number
  readonly hash: string
  readonly kind: string
}

const KINDS: Readonly<Record<string, (draw: Draw) => ChatCommand>> = {
  add: ({ chatId, by, to }) => add(chatId, by, to),
  join: ({ chatId, by }) => join(chatId, by),
  joinBy: ({ chatId, by, hash }) => join(chatId, by, hash),
  leave: ({ chatId, by }) => leave(chatId, by),
  admin: ({ chatId, by, to, rights }) => admin(chatId, by, to, rights),
  ban: ({ chatId, by, to, banned }) => ban(chatId, by, to, banned, { service: Buffer.from('ban') }),
  defaults: ({ chatId, by, banned }) => edit(chatId, by, 'default-banned', { defaultBanned: banned << 14 }),
  title: ({ chatId, by, hash }) => edit(chatId, by, 'title', { profile: Buffer.from(hash) }),
  public: ({ chatId, by, hash }) => edit(chatId, by, 'username', { username: hash }),
  link: ({ chatId, by, hash }) => putInvite(chatId, link(by, hash, { requestNeeded: hash === 'y' })),
  permanent: ({ chatId, by, hash }) => putInvite(chatId, link(by, hash, { permanent: true })),
  answer: ({ chatId, by, to, banned }) => ({
    type: 'AnswerRequests',
    chatId,
    byUserId: by,
    userIds: [to],
    invites: ['x', 'y'],
    approved: banned === 0,
    service: Buffer.from('in'),
    serviceRandomId: 3n,
    log: null,
  }),
  transfer: ({ chatId, by, to }) => ({ type: 'TransferChat', chatId, byUserId: by, toUserId: to, log: null }),
  send: ({ chatId, by }) => send(by, { chatId, randomId: 0n }),
}

const draws = fc.array(
  fc.record({
    chatId: fc.constantFrom(...chats),
    by: fc.constantFrom(...people),
    to: fc.constantFrom(...people),
    rights: fc.constantFrom(0, other, banUsers, inviteUsers, addAdmins | inviteUsers | banUsers, changeInfo),
    banned: fc.constantFrom(0, viewMessages, sendMessages),
    hash: fc.constantFrom('x', 'y'),
    kind: fc.constantFrom(...Object.keys(KINDS)),
  }),
  { minLength: 20, maxLength: 80, size: 'max' },
)

const founding = [create('group', { memberIds: [bob] }), create('supergroup'), create('broadcast')]
const commandOf = (draw: Draw, index: number): ChatCommand => {
  const command = KINDS[draw.kind]!(draw)
  return command.type === 'SendMessage' ? { ...command, randomId: BigInt(index) } : command
}

/** Runs what is drawn; `see` gets each accepted command with its events and the rows before. */
function run(all: readonly Draw[], see?: (draw: Draw, events: readonly ChatEvent[], before: RowMap) => void) {
  const rows = new RowMap()
  const events: ChatEvent[] = []
  const take = (command: ChatCommand, offset: number, draw?: Draw): void => {
    const at = { ...someAt, date: someAt.date + offset, offset }
    const decision = messageDecider.decide(rows.only(messageDecider.needs(command)), command, at)
    if ('rejected' in decision) return
    if (draw !== undefined) see?.(draw, decision.events, rows)
    for (const event of decision.events) rows.apply(messageDecider.project(event))
    events.push(...decision.events)
  }
  for (const [index, command] of founding.entries()) take(command, index)
  for (const [index, draw] of all.entries()) take(commandOf(draw, index), founding.length + index, draw)
  return { rows, events }
}

const membersOf = (rows: RowMap, chatId: ChatId): ChatMember[] =>
  people.flatMap((peerId) => memberOf(rows, chatId, peerId) ?? [])
const sorted = (ids: readonly number[]) => [...ids].sort()
const idsOf = (members: readonly ChatMember[]) => sorted(members.map(({ peerId }) => peerId))

function expectSound(rows: RowMap, chatId: ChatId): void {
  const info = chatInfoOf(rows, chatId)!
  const members = membersOf(rows, chatId)
  const inside = members.filter(({ isIn }) => isIn)
  const withStatus = (...wanted: string[]) => members.filter(({ status }) => wanted.includes(status))
  expect(info.participants).toBe(inside.length)
  expect(sorted(info.members)).toEqual(chatId === group ? idsOf(inside) : [])
  expect(sorted(info.adminIds)).toEqual(idsOf(withStatus('creator', 'admin')))
  expect(info.kicked).toBe(withStatus('kicked').length)
  expect(info.banned).toBe(withStatus('restricted').length)
  expect(idsOf(withStatus('creator'))).toEqual([info.creatorId])
  for (const userId of people) {
    const isIn = inside.some(({ peerId }) => peerId === (userId as number))
    expect(rows.get(userChats, { userId, chatId }) !== undefined).toBe(isIn)
  }
  for (const { peerId, status, isIn, rights } of members) {
    const roles = ['admin', 'kicked', 'banned'].filter((role) =>
      rows.get(chatRoles, { chatId, role, peerId }),
    )
    const role = { creator: 'admin', admin: 'admin', kicked: 'kicked', restricted: 'banned' }[
      status as string
    ]
    expect(roles).toEqual(role === undefined ? [] : [role])
    expect(rights !== 0).toBe(role === 'admin')
    if (status === 'kicked' || status === 'left') expect(isIn).toBe(false)
  }
}

/** Whether `draw.by` had the say in this, told without the rules that decide. */
function hadTheRight({ chatId, by, to, kind }: Draw, event: MembersChanged, before: RowMap): boolean {
  const actor = memberOf(before, chatId, by)
  const target = memberOf(before, chatId, to)
  const leads = actor?.isIn === true && (actor.status === 'creator' || actor.status === 'admin')
  const may = (right: number) => leads && (actor.rights & right) !== 0
  const own = event.changes.every(({ member }) => (member.peerId as number) === (by as number))
  switch (kind) {
    case 'ban':
      if (target?.status === 'creator') return false
      if (target?.status === 'admin' && actor?.status !== 'creator' && target.actorId !== by) return false
      return may(banUsers) || (chatId === group && target?.inviterId === by)
    case 'admin': {
      const after = event.changes[0]?.member
      const isGreater = ((after?.rights ?? 0) & ~(actor?.rights ?? 0)) !== 0
      return leads && !isGreater && (own || may(addAdmins))
    }
    case 'add':
      return actor?.isIn === true ? chatId !== broadcast || leads : chatId === group && own
    case 'answer':
      return may(inviteUsers)
    case 'transfer':
      return actor?.status === 'creator'
    default:
      return own
  }
}

const contents = (rows: RowMap): [string, AnyRow][] => rows.entries().sort(([a], [b]) => (a < b ? -1 : 1))

let codec: RecordCodec
beforeAll(async () => {
  codec = await RecordCodec.create(new EmbeddedRegistry())
})

describe('chats under random commands', () => {
  it('count right, and have their members, roles and lists in step', () => {
    const property = fc.property(draws, (all) => {
      const { rows } = run(all)
      for (const chatId of chats) expectSound(rows, chatId)
    })
    fc.assert(property, { numRuns: 60 })
  })

  it('are changed by those only who have the right to', () => {
    let changes = 0
    const property = fc.property(draws, (all) => {
      run(all, (draw, events, before) => {
        for (const event of events) {
          if (event.type !== 'MembersChanged') continue
          changes++
          expect({ draw, right: hadTheRight(draw, event, before) }).toEqual({ draw, right: true })
        }
      })
    })
    fc.assert(property, { numRuns: 60 })
    expect(changes).toBeGreaterThan(100)
  })

  it('deliver to those only who are in the group, or just left it', () => {
    const property = fc.property(draws, (all) => {
      run(all, (_draw, events, before) => {
        const inside = new Set(membersOf(before, group).flatMap(({ isIn, peerId }) => (isIn ? [peerId] : [])))
        for (const event of events) {
          if (event.type === 'MembersChanged' && event.chatId === group) {
            for (const { member } of event.changes) inside.add(member.peerId)
          }
          if (event.type !== 'MessageSent' || event.chatId !== group) continue
          expect(event.members.filter((id) => !inside.has(id as number as ChatMember['peerId']))).toEqual([])
        }
      })
    })
    fc.assert(property, { numRuns: 60 })
  })

  it('answer each caller at most once, and give the same rows from the log', () => {
    const property = fc.property(draws, (all) => {
      const { rows, events } = run(all, (_draw, decided) => {
        const reactions = decided.flatMap((event) => messageDecider.react(event, calledHeader, someAt))
        const answers = reactions.filter(
          (each) => each.kind === 'answer' || (each.kind === 'record' && each.reply),
        )
        expect(answers.length).toBe(decided.length === 0 ? 0 : 1)
      })
      const replayed = new RowMap()
      for (const event of events) {
        const { record } = codec.decode<ChatEvent>(codec.encode(calledHeader, event))
        replayed.apply(messageDecider.project(record))
      }
      expect(contents(replayed)).toEqual(contents(rows))
      expect(rows.get(chatInfos, { chatId: group })).toBeDefined()
      expect(rows.get(chatMembers, { chatId: group, peerId: bob })).toBeDefined()
    })
    fc.assert(property, { numRuns: 40 })
  })
})
