import type { ChatCommand, ChatEvent, RecordHeader } from '@heliograph/schemas/avro'
import type { Mutation, RowRef } from '@heliograph/storage'
import { decideGroup, needsOfGroup, projectGroup, reactToGroup } from '../chat/index.ts'
import type { At, Decider, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { decideDelete, needsOfDelete, projectDeleted, reactToDeleted } from './delete.ts'
import { decideEdit, needsOfEdit, projectEdited, reactToEdited } from './edit.ts'
import { decideRead, needsOfRead, projectRead, reactToRead } from './read.ts'
import { decideSend, needsOfSend, projectSent, reactToRepeated, reactToSent } from './send.ts'

/** The message actor: orders, validates and de-duplicates what happens in one chat. Keyed by chat id. */
export const messageDecider: Decider<ChatCommand, ChatEvent> = {
  group: 'message',
  commands: 'chat.commands',
  events: 'chat.events',
  needs,
  decide,
  project,
  react,
}

function needs(command: ChatCommand): RowRef[] {
  switch (command.type) {
    case 'SendMessage':
      return needsOfSend(command)
    case 'EditMessage':
      return needsOfEdit(command)
    case 'DeleteMessages':
      return needsOfDelete(command)
    case 'ReadHistory':
      return needsOfRead(command)
    default:
      return needsOfGroup(command)
  }
}

function decide(rows: Rows, command: ChatCommand, at: At): Decision<ChatEvent> {
  switch (command.type) {
    case 'SendMessage':
      return decideSend(rows, command, at)
    case 'EditMessage':
      return decideEdit(rows, command, at)
    case 'DeleteMessages':
      return decideDelete(rows, command, at)
    case 'ReadHistory':
      return decideRead(rows, command, at)
    default:
      return decideGroup(rows, command, at)
  }
}

function project(event: ChatEvent): Mutation[] {
  switch (event.type) {
    case 'MessageSent':
      return projectSent(event)
    case 'SendRepeated':
      return []
    case 'MessageEdited':
      return projectEdited(event)
    case 'MessagesDeleted':
      return projectDeleted(event)
    case 'HistoryRead':
      return projectRead(event)
    default:
      return projectGroup(event)
  }
}

function react(event: ChatEvent, header: RecordHeader, at: At): Reaction[] {
  switch (event.type) {
    case 'MessageSent':
      return reactToSent(event, header)
    case 'SendRepeated':
      return reactToRepeated(event, header)
    case 'MessageEdited':
      return reactToEdited(event, header)
    case 'MessagesDeleted':
      return reactToDeleted(event, header)
    case 'HistoryRead':
      return reactToRead(event, header)
    default:
      return reactToGroup(event, header, at)
  }
}
