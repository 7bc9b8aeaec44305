import {
  type ChatCommand,
  type ChatEvent,
  type ChatId,
  type DeleteMessages,
  type EditMessage,
  type MessageSent,
  type MessageSeq,
  privateChatMembers,
  type ReadHistory,
  SERVICE_USER_ID,
  type SendMessage,
  type UserId,
} from '@heliograph/schemas/avro'
import type { AnyRow } from '@heliograph/storage'

interface Message {
  readonly sent: MessageSent
  sealed: Buffer
  words: Buffer | null
  editDate: number
  keptBy: UserId[]
}
interface Read {
  readonly upToSeq: number
  readonly date: number
}

/** What events say of groups, channels and files, as it reads where there is nothing to say. */
const NOT_COUNTED = { counts: null, log: null, logId: 0 }
const ONLY_IN_GROUPS = {
  sent: {
    returned: [],
    answers: true,
    mentioned: [],
    awaiting: [],
    slowed: false,
    thread: null,
    discussedIn: null,
  },
  edited: { lostFiles: [], mentioned: [], amendedAt: 0, answers: true, ...NOT_COUNTED },
  deleted: { files: [], mentions: [], unpinned: [], replies: [], beside: [], gaps: [], ...NOT_COUNTED },
}

/** A chat as one would tell it, without thought of tables, batches or crashes: says what each command comes to. */
export class ChatModel {
  readonly #chatId: ChatId
  readonly #members: UserId[]
  readonly #messages: Message[] = []
  readonly #reads = new Map<UserId, Read>()

  constructor(chatId: ChatId) {
    this.#chatId = chatId
    this.#members = (privateChatMembers(chatId) ?? []).filter((member) => member !== SERVICE_USER_ID)
  }

  /** The event that `command` comes to at `date`, but for reasons outside this chat; undefined none. */
  expect(command: ChatCommand, date: number): ChatEvent | undefined {
    switch (command.type) {
      case 'SendMessage':
        return this.#send(command, date)
      case 'EditMessage':
        return this.#edit(command, date)
      case 'DeleteMessages':
        return this.#delete(command, date)
      case 'ReadHistory':
        return this.#read(command, date)
    }
  }

  take(event: ChatEvent): void {
    switch (event.type) {
      case 'MessageSent':
        this.#messages.push({
          sent: event,
          sealed: event.sealed,
          words: event.words,
          editDate: 0,
          keptBy: event.members,
        })
        break
      case 'MessageEdited':
        Object.assign(this.#at(event.seq) ?? {}, {
          sealed: event.sealed,
          words: event.words,
          editDate: event.editDate,
        })
        break
      case 'MessagesDeleted':
        for (const { seq, keptBy } of event.messages) Object.assign(this.#at(seq) ?? {}, { keptBy })
        break
      case 'HistoryRead':
        this.#reads.set(event.readerId, event)
        break
    }
  }

  get sent(): readonly MessageSent[] {
    return this.#messages.map((message) => message.sent)
  }

  /** What the tables of the message actor should hold of this chat. */
  rows(): {
    chats: AnyRow[]
    messages: AnyRow[]
    messageKeepers: AnyRow[]
    sentRandomIds: AnyRow[]
    chatReads: AnyRow[]
  } {
    const chatId = this.#chatId
    const kept = this.#messages.filter(({ keptBy }) => keptBy.length > 0)
    const last = this.sent.at(-1)
    return {
      chats: last
        ? [{ chatId, lastSeq: last.seq, lastSenderId: last.senderId, lastOtherSeq: last.lastOtherSeq }]
        : [],
      messages: kept.map(({ sent, sealed, words, editDate }) => ({
        ...sent,
        sealed,
        words,
        editDate,
        expiresAt: null,
      })),
      messageKeepers: kept
        .filter(({ sent, keptBy }) => keptBy.length < sent.members.length)
        .map(({ sent, keptBy }) => ({ chatId, seq: sent.seq, keptBy })),
      sentRandomIds: this.sent.map(({ senderId, randomId, seq }) => ({ chatId, senderId, randomId, seq })),
      chatReads: [...this.#reads].map(([userId, { upToSeq, date }]) => ({ chatId, userId, upToSeq, date })),
    }
  }

  #send(command: SendMessage, date: number): ChatEvent {
    const { chatId, senderId, randomId, sealed, silent, replyToSeq, words } = command
    const same = this.sent.find((each) => each.senderId === senderId && each.randomId === randomId)
    if (same !== undefined) {
      return { type: 'SendRepeated', chatId, seq: same.seq, senderId, randomId, date: 0, pts: 0 }
    }
    const reply = replyToSeq !== null && this.#has(senderId, replyToSeq) ? replyToSeq : null
    return {
      type: 'MessageSent',
      chatId,
      seq: (this.#messages.length + 1) as MessageSeq,
      senderId,
      date,
      randomId,
      sealed,
      replyToSeq: reply,
      silent,
      members: this.#members,
      lastOtherSeq: this.#lastNotBy(senderId),
      extra: null,
      words,
      pts: 0,
      expiresAt: 0,
      ...ONLY_IN_GROUPS.sent,
    }
  }

  #edit({ chatId, editorId, seq, sealed, words }: EditMessage, editDate: number): ChatEvent | undefined {
    const message = this.#has(editorId, seq)
    if (message === undefined || message.sent.senderId !== editorId) return undefined
    const { senderId, date, randomId, replyToSeq, silent, members } = message.sent
    const as = {
      senderId,
      date,
      editDate,
      sealed,
      randomId,
      replyToSeq,
      silent,
      members,
      keptBy: message.keptBy,
      extra: null,
      words,
      pts: 0,
      expiresAt: 0,
      ...ONLY_IN_GROUPS.edited,
    }
    return { type: 'MessageEdited', chatId, seq, editorId, ...as }
  }

  #delete({ chatId, userId, seqs, forAll }: DeleteMessages, date: number): ChatEvent | undefined {
    const lost = this.#messages.filter(
      ({ sent, keptBy }) => seqs.includes(sent.seq) && keptBy.includes(userId),
    )
    if (lost.length === 0) return undefined
    const messages = lost.map(({ sent: { seq }, keptBy }) => {
      const lostBy = forAll ? keptBy : [userId]
      return { seq, lostBy, keptBy: keptBy.filter((keeper) => !lostBy.includes(keeper)) }
    })
    const as = { byUserId: userId, messages, date, pts: 0, ...ONLY_IN_GROUPS.deleted }
    return { type: 'MessagesDeleted', chatId, ...as }
  }

  #read({ chatId, readerId, upToSeq: asked }: ReadHistory, date: number): ChatEvent | undefined {
    const before = this.#reads.get(readerId)?.upToSeq ?? 0
    const upToSeq = Math.min(asked, this.#messages.length) as MessageSeq
    if (upToSeq <= before || this.#lastNotBy(readerId) <= before) return undefined
    return { type: 'HistoryRead', chatId, readerId, upToSeq, date, members: this.#members, marks: null }
  }

  #lastNotBy(userId: UserId): MessageSeq {
    return this.sent.findLast(({ senderId }) => senderId !== userId)?.seq ?? (0 as MessageSeq)
  }

  #at(seq: number): Message | undefined {
    return this.#messages[seq - 1]
  }

  #has(userId: UserId, seq: number): Message | undefined {
    const message = this.#at(seq)
    return message?.keptBy.includes(userId) === true ? message : undefined
  }
}
