import type { ChatCommand, ChatEvent, RecordHeader } from '@heliograph/schemas/avro'
import type { Mutation, RowRef } from '@heliograph/storage'
import { decideGroup, needsOfGroup, projectGroup, reactToGroup } from '../chat/index.ts'
import type { At, Decider, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { decideDelete, needsOfDelete, projectDeleted, reactToDeleted } from './delete.ts'
import { decideEdit, needsOfEdit, projectEdited, reactToEdited } from './edit.ts'
import { decideMentions, needsOfMentions, projectMentions, reactToMentions } from './mentions.ts'
import { decidePin, needsOfPin } from './pin.ts'
import { projectPinned, reactToPinned } from './pinned.ts'
import { decideRead, needsOfRead, projectRead, reactToRead } from './read.ts'
import { decideSend, needsOfSend } from './send.ts'
import { projectSent, reactToRepeated, reactToSent } from './sent.ts'

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
    case 'PinMessages':
      return needsOfPin(command)
    case 'ReadMentions':
      return needsOfMentions(command)
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
    case 'PinMessages':
      return decidePin(rows, command, at)
    case 'ReadMentions':
      return decideMentions(rows, command, at)
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
    case 'MessagesPinned':
      return projectPinned(event)
    case 'MentionsRead':
      return projectMentions(event)
    default:
      return projectGroup(event)
  }
}

function react(event: ChatEvent, header: RecordHeader): Reaction[] {
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
    case 'MessagesPinned':
      return reactToPinned(event, header)
    case 'MentionsRead':
      return reactToMentions(event, header)
    default:
      return reactToGroup(event, header)
  }
}
