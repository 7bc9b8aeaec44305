import {
  type AnswerRequests,
  type ChatCommand,
  type ChatEvent,
  type ChatId,
  type MessageSeq,
  SERVICE_USER_ID,
  type UserId,
} from '@heliograph/schemas/avro'
import { cancel, editScheduled, expire, fire, schedule } from './later.ts'
import { add, adopt, type Changed, create, join, leave, setAdmin, setBanned, transfer } from './members.ts'
import {
  type Deleted,
  type Draft,
  edit,
  lose,
  marksOf,
  pin,
  post,
  raise,
  read,
  readMentions,
  readOf,
  remove,
  send,
} from './posts.ts'
import { answer, answeredLine, deleteInvites, turnAway } from './requests.ts'
import { isInside } from './rules.ts'
import { assertShown, clear, close, hear, react, view, vote } from './sayings.ts'
import { editChat, putInvite } from './settings.ts'
import { type Membership, type Post, PublicChat } from './state.ts'
import { textOf } from './told.ts'

type Served = { readonly service: Buffer | null; readonly serviceRandomId: bigint }
type Before = ReadonlyMap<number, Membership>

/** A group or channel as the rules have it: says of each command, in order, which lines its events must come to, none for a refusal. */
export class PublicChatModel {
  readonly chat: PublicChat

  constructor(chatId: ChatId) {
    this.chat = new PublicChat(chatId)
  }

  get sent(): readonly Post[] {
    return this.chat.posts
  }

  /** Undefined for commands that the model does not know. `place` is the command's place in the log. */
  expect(command: ChatCommand, date: number, place: number): string[] | undefined {
    const before = new Map([...this.chat.members].map(([id, who]) => [id, { ...who }]))
    const lines =
      this.#membersOf(command, date, before) ??
      this.#chatOf(command, date) ??
      this.#postsOf(command, date) ??
      this.#sayingsOf(command, date) ??
      this.#laterOf(command, date)
    if (lines !== undefined && lines.length > 0) this.#noteLog(command, place, lines)
    return lines
  }

  /** Whom an event shows or tells, where that is wrong. */
  assertTold(event: ChatEvent): string | undefined {
    if (event.type === 'ReactionsChanged') return assertShown(this.chat, event)
    return event.type === 'HistoryRead' ? this.#assertReadTold(event) : undefined
  }

  /** Nobody learns that it was read whose messages were read before, and nobody whose messages were read now does not. */
  #assertReadTold(event: ChatEvent & { type: 'HistoryRead' }): string | undefined {
    const { chat } = this
    const { readerId, upToSeq, members } = event
    if (!isInside(chat.member(readerId))) return members.length === 1 ? undefined : `${members} were told`
    const told = members.filter((id) => id !== readerId)
    const owed = chat.order.filter((id) => id !== readerId && this.#isNews(id, upToSeq))
    const stranger = told.find((id) => !chat.order.includes(id) || upToSeq <= readOf(chat, id))
    const forgotten = owed.find((id) => !told.includes(id))
    chat.readers.set(readerId, Math.max(chat.readers.get(readerId) ?? 0, upToSeq))
    if (stranger !== undefined) return `${stranger} was told`
    return forgotten === undefined ? undefined : `${forgotten} was not told`
  }

  /** A message since it came in that nobody had read. */
  #isNews(userId: UserId, upToSeq: number): boolean {
    const { chat } = this
    const from = Math.max(readOf(chat, userId), chat.since.get(userId) ?? 0)
    return chat.posts.some(({ seq, senderId }) => senderId === userId && seq > from && seq <= upToSeq)
  }

  #membersOf(command: ChatCommand, date: number, before: Before): string[] | undefined {
    const { chat } = this
    const tell = (changed: Changed, by: UserId, change: string, told: Served | null) =>
      changed === undefined ? [] : this.#changed(changed, before, by, change, told, date)
    switch (command.type) {
      case 'CreateChat':
        return tell(create(chat, command), command.creatorId, 'create', command)
      case 'JoinChat': {
        const arrival = join(chat, command, date)
        if (arrival === undefined) return []
        const { link, asked, changed } = arrival
        const lines = link === undefined ? [] : [this.#linkLine(link.hash)]
        if (asked) return [...lines, `asked ${command.userId} by "${command.invite ?? ''}"`]
        return [...lines, ...tell(changed, command.userId, 'join', command)]
      }
      case 'AddMembers':
        return tell(add(chat, command, date), command.byUserId, 'add', command)
      case 'LeaveChat': {
        const told = chat.isGivenUp ? null : command
        return tell(leave(chat, command, date), command.userId, 'leave', told)
      }
      case 'SetAdmin':
        return tell(setAdmin(chat, command, date), command.byUserId, 'admin', command)
      case 'SetBanned': {
        const changed = setBanned(chat, command, date)
        return [...turnAway(chat, changed ?? []), ...tell(changed, command.byUserId, 'ban', command)]
      }
      case 'TransferChat':
        return tell(transfer(chat, command), command.byUserId, 'transfer', null)
      case 'AdoptMembers':
        return tell(adopt(chat, command), chat.withStatus('creator')[0] as UserId, 'adopt', null)
      case 'AnswerRequests':
        return this.#answered(command, before, date)
      default:
        return undefined
    }
  }

  #chatOf(command: ChatCommand, date: number): string[] | undefined {
    const { chat } = this
    switch (command.type) {
      case 'EditChat':
        if (!editChat(chat, command, date)) return []
        return [
          this.#chatLine(command.change, command.byUserId),
          ...this.#told(command.byUserId, command, date),
        ]
      case 'DeleteChat': {
        const by = chat.member(command.byUserId)
        if (!chat.isOpen || !isInside(by) || by.status !== 'creator') return []
        Object.assign(chat, { isGivenUp: true, username: null })
        chat.flags.add('deactivated')
        return [this.#chatLine('delete', command.byUserId)]
      }
      case 'MigrateChat': {
        const by = chat.member(command.byUserId)
        if (!chat.isOpen || chat.kind !== 'group' || !isInside(by) || by.status !== 'creator') return []
        Object.assign(chat, { isGivenUp: true, migratedTo: command.toChatId })
        chat.flags.add('deactivated')
        const told = this.#told(command.byUserId, command, date)
        return [this.#chatLine('migrate', command.byUserId), ...told]
      }
      case 'DeleteInvites': {
        const gone = deleteInvites(chat, command)
        return gone.length === 0 ? [] : [`links of ${command.adminId} gone: ${gone}`]
      }
      case 'PutInvite': {
        const put = putInvite(chat, command)
        return put === undefined ? [] : [this.#linkLine(put.link.hash, put.replaced?.hash)]
      }
      default:
        return undefined
    }
  }

  #postsOf(command: ChatCommand, date: number): string[] | undefined {
    const { chat } = this
    switch (command.type) {
      case 'SendMessage': {
        const outcome = send(chat, command, date)
        if (outcome === undefined) return []
        if (!('again' in outcome)) return [this.#sentLine(outcome)]
        return [`repeated ${outcome.again.seq} by ${command.senderId} pts ${this.#pts}`]
      }
      case 'EditMessage': {
        const edited = edit(chat, command, date)
        if (edited === undefined) return []
        const to = edited.keptBy.filter((id) => chat.order.includes(id))
        return [`edited ${edited.seq} by ${command.editorId} for [${to}] ${edited.body} pts ${this.#pts}`]
      }
      case 'DeleteMessages':
        return this.#deleted(command)
      case 'ReadHistory': {
        if (!read(chat, command, date)) return []
        const isIn = isInside(chat.member(command.readerId))
        return [`read ${command.readerId} ${command.upToSeq}${isIn ? '' : ' outside'}`]
      }
      case 'RaiseRead':
        return raise(chat, command) ? [marksOf(chat)] : []
      case 'PinMessages':
        return this.#pinned(command, date)
      case 'ReadMentions': {
        const seen = readMentions(chat, command)
        return seen.length === 0 ? [] : [`seen by ${command.userId}: [${seen}]`]
      }
      default:
        return undefined
    }
  }

  #sayingsOf(command: ChatCommand, date: number): string[] | undefined {
    const { chat } = this
    switch (command.type) {
      case 'SetReactions':
        return react(chat, command, date)
      case 'ClearReactions':
        return clear(chat, command, date)
      case 'ReadReactions':
        return hear(chat, command)
      case 'VotePoll':
        return vote(chat, command, date)
      case 'ClosePoll':
        return close(chat, command, date)
      case 'CountViews':
        return view(chat, command)
      default:
        return undefined
    }
  }

  #laterOf(command: ChatCommand, date: number): string[] | undefined {
    const { chat } = this
    switch (command.type) {
      case 'ScheduleMessage':
        return schedule(chat, command, date)
      case 'EditScheduled':
        return editScheduled(chat, command)
      case 'CancelScheduled':
        return cancel(chat, command)
      case 'FireScheduled':
        return fire(chat, command, date, (sent) => this.#sentLine(sent))
      case 'ExpireMessages': {
        const due = expire(chat, command, date)
        if (due === undefined) return []
        const posts = due.gone.map((seq) => chat.posts[seq - 1]!)
        return [...this.#goneLines(lose(chat, posts), SERVICE_USER_ID), due.line]
      }
      default:
        return undefined
    }
  }

  #answered(command: AnswerRequests, before: Before, date: number): string[] {
    const { chat } = this
    const { byUserId, approved, service, serviceRandomId } = command
    const answered = answer(chat, command, date)
    if (answered === undefined) return []
    const { userIds, hashes, links, changed } = answered
    const lines = links.map(({ hash }) => this.#linkLine(hash))
    lines.push(answeredLine(approved, userIds, hashes))
    if (!approved) return lines
    lines.push(...this.#changed(changed, before, byUserId, 'request', null, date))
    // All who come in get the message about the first of them.
    const left = userIds.map((id) => ({ id, after: before.get(id)?.minSeq ?? 0 }))
    const back = left.flatMap(({ id, after }) =>
      !chat.isChannel && after > 0 ? [`${id} after ${after}`] : [],
    )
    const welcomes = userIds.flatMap((userId, i) => {
      return this.#told(
        userId,
        { service, serviceRandomId: serviceRandomId + BigInt(i) },
        date,
        {},
        i === 0 ? back : [],
      )
    })
    return [...lines, ...welcomes]
  }

  #deleted(command: ChatCommand & { type: 'DeleteMessages' }): string[] {
    return this.#goneLines(remove(this.chat, command), command.userId)
  }

  #goneLines(gone: readonly Deleted[], by: UserId): string[] {
    if (gone.length === 0) return []
    const lines = gone.map(({ post, lostBy }) => `${post.seq} of [${lostBy}] not [${post.keptBy}]`)
    const unpinned = gone.filter(({ post }) => post.isGone && post.isPinned)
    for (const { post } of unpinned) post.isPinned = false
    const which = unpinned.map(({ post }) => post.seq)
    return [`deleted by ${by}: ${lines.join(', ')} pts ${this.#pts} unpinned [${which}]`]
  }

  #pinned(command: ChatCommand & { type: 'PinMessages' }, date: number): string[] {
    const { userId, pinned, service, oneSide, serviceRandomId } = command
    const posts = pin(this.chat, command, date)
    if (posts.length === 0) return []
    const told = posts.map(
      (each) => `${each.seq} for [${each.keptBy.filter((id) => this.chat.order.includes(id))}]`,
    )
    const line = `pinned ${pinned} by ${userId}: ${told.join(', ')} pts ${this.#pts}`
    if (!pinned || oneSide || service === null) return [line]
    const told2 = this.#told(userId, { service, serviceRandomId }, date, { replyToSeq: posts[0]!.seq })
    return [line, ...told2]
  }

  get #pts(): number {
    return this.chat.isChannel ? this.chat.pts : 0
  }

  #changed(
    changed: readonly Membership[],
    before: Before,
    by: UserId,
    change: string,
    told: Served | null,
    date: number,
  ): string[] {
    const { chat } = this
    const moved = changed.filter(({ peerId, isIn }) => isIn !== (before.get(peerId)?.isIn ?? false))
    for (const { peerId, isIn } of moved) this.#cross(peerId as UserId, isIn, date)
    chat.version++
    const members = changed.map((who) => {
      const was = before.get(who.peerId)
      const now = `${who.status} ${who.isIn} ${who.rights} ${who.banned} ${who.untilDate} ${who.minSeq}`
      return `${who.peerId} from ${was?.status ?? ''} ${was?.isIn ?? false} to ${now} by ${who.inviterId} ${who.actorId}`
    })
    const counts = `${chat.participants} ${chat.withStatus('kicked').length} ${chat.withStatus('restricted').length}`
    const lists = `[${chat.order}] [${chat.withStatus('creator', 'admin')}]`
    const line = `members ${change} by ${by}: ${members.join(', ')}; ${counts} ${lists} v${chat.version}`
    if (told === null) return [line]
    const returned = moved.filter(({ peerId, isIn }) => isIn && (before.get(peerId)?.minSeq ?? 0) > 0)
    const gone = moved.filter(({ isIn }) => !isIn).map(({ peerId }) => peerId as UserId)
    const back = chat.isChannel ? [] : returned.map(({ peerId, minSeq }) => `${peerId} after ${minSeq}`)
    return [line, ...this.#told(by, told, date, { alsoTo: gone }, back)]
  }

  /** Somebody comes in or goes. */
  #cross(userId: UserId, isIn: boolean, date: number): void {
    const { chat } = this
    if (isIn) chat.since.set(userId, chat.lastSeq)
    if (isIn) chat.requests.delete(userId)
    chat.entries.set(userId, isIn ? date : undefined)
    if (chat.isChannel) return
    if (isIn) chat.order.push(userId)
    else chat.order.splice(chat.order.indexOf(userId), 1)
  }

  #told(
    senderId: UserId,
    { service, serviceRandomId }: Served,
    date: number,
    more: Partial<Pick<Draft, 'alsoTo'>> & { replyToSeq?: MessageSeq } = {},
    back: readonly string[] = [],
  ): string[] {
    if (service === null) return []
    const draft = { senderId, randomId: serviceRandomId, body: textOf(service), date, service: true }
    return [this.#sentLine(post(this.chat, { ...draft, replyToSeq: null, ...more }), back)]
  }

  #chatLine(change: string, by: UserId): string {
    const { profile, username, flags, defaultBanned, slowModeSeconds, ttlSeconds } = this.chat
    this.chat.version++
    const looks = `${profile} ${username} [${[...flags].sort()}]`
    const { version, reactions, reactionsLimit, migratedTo = null } = this.chat
    const said = `says ${reactions} ${reactionsLimit}`
    const limits = `${defaultBanned} ${slowModeSeconds} ${ttlSeconds}`
    return `chat ${change} by ${by}: ${looks} ${limits} ${said} to ${migratedTo} v${version}`
  }

  #linkLine(hash: string, replaced = 'none'): string {
    const { usage, requested, revoked } = this.chat.links.get(hash)!
    return `link ${hash} ${usage} ${requested} ${revoked} instead of ${replaced}`
  }

  #sentLine(sent: Post, back: readonly string[] = []): string {
    const { chat } = this
    const { seq, senderId, members, body, replyToSeq, service, mentioned, date, isSlowed } = sent
    const others = chat.posts.slice(0, seq - 1).findLast((each) => each.senderId !== senderId)
    const what = `${service ? 'service ' : ''}${body}`
    const names = [...mentioned].sort((a, b) => a - b)
    const where = `pts ${this.#pts} behind ${others?.seq ?? 0} answers ${replyToSeq} names [${names}]`
    const when = `at ${date} until ${sent.expiresAt} slowed ${isSlowed} back [${back}]`
    return `sent ${seq} by ${senderId} to [${members}]: ${what} ${where} ${when}`
  }

  /** Groups keep no log of what is done to their messages. */
  #noteLog(command: ChatCommand, place: number, lines: readonly string[]): void {
    if (!('log' in command) || !command.log) return
    const isPost = ['EditMessage', 'DeleteMessages', 'PinMessages'].includes(command.type)
    const isAsking = command.type === 'JoinChat' && !lines.some((line) => line.startsWith('members'))
    if (isAsking || (isPost && !this.chat.isChannel)) return
    this.chat.logged.push({ eventId: place, userId: authorOf(command) })
  }
}

function authorOf(command: ChatCommand): number {
  if ('byUserId' in command) return command.byUserId
  if ('editorId' in command) return command.editorId
  return 'userId' in command ? command.userId : 0
}
