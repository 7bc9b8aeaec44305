import type { ChatEvent, RecordHeader, ThreadCommand, ThreadEvent } from '@heliograph/schemas/avro'
import type { Mutation, RowRef } from '@heliograph/storage'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { decideRecount, needsOfRecount } from './recount.ts'
import { threadUpsert } from './state.ts'
import {
  decideCreateTopic,
  decideDeleteTopic,
  decideEditTopic,
  decidePinTopics,
  needsOfTopic,
  projectTopics,
  reactToTopics,
} from './topics.ts'

/** Threads and topics of supergroups, as part of the message actor. */

interface Handling<C extends ThreadCommand> {
  needs(command: C): RowRef[]
  decide(rows: Rows, command: C, at: At): Decision<ChatEvent>
}

const HANDLINGS: { readonly [T in ThreadCommand['type']]: Handling<Extract<ThreadCommand, { type: T }>> } = {
  CreateTopic: { needs: needsOfTopic, decide: decideCreateTopic },
  EditTopic: { needs: needsOfTopic, decide: decideEditTopic },
  PinTopics: { needs: needsOfTopic, decide: decidePinTopics },
  DeleteTopic: { needs: needsOfTopic, decide: decideDeleteTopic },
  RecountThread: { needs: needsOfRecount, decide: decideRecount },
}

const handlingOf = (command: ThreadCommand): Handling<ThreadCommand> =>
  HANDLINGS[command.type] as unknown as Handling<ThreadCommand>

export const isThreadCommand = (command: { readonly type: string }): command is ThreadCommand =>
  Object.hasOwn(HANDLINGS, command.type)

export function needsOfThread(command: ThreadCommand): RowRef[] {
  return handlingOf(command).needs(command)
}

export function decideThread(rows: Rows, command: ThreadCommand, at: At): Decision<ChatEvent> {
  return handlingOf(command).decide(rows, command, at)
}

export function projectThread(event: ThreadEvent): Mutation[] {
  return event.type === 'TopicsChanged' ? projectTopics(event) : [threadUpsert(event.chatId, event.thread)]
}

export function reactToThread(event: ThreadEvent, header: RecordHeader): Reaction[] {
  return event.type === 'TopicsChanged' ? reactToTopics(event, header) : []
}
