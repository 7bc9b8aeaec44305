import type { ChatCommand, ChatEvent, RecordHeader } from '@heliograph/schemas/avro'
import type { Mutation, RowRef } from '@heliograph/storage'
import { decideAmend, needsOfAmend } from '../amend/amend.ts'
import { decideTell, needsOfTell, projectLook } from '../amend/tell.ts'
import { decideGroup, needsOfGroup, projectGroup, reactToGroup } from '../chat/index.ts'
import { decidePoll, needsOfPoll, projectPollEvent, reactToPoll } from '../poll/index.ts'
import { decideReaction, needsOfReaction, projectReaction, reactToReaction } from '../reaction/index.ts'
import type { At, Decider, Decision, Reaction, Rows } from '../runtime/decider.ts'
import {
  decideScheduling,
  needsOfScheduling,
  projectScheduling,
  reactToScheduling,
} from '../schedule/index.ts'
import { projectStatistics } from '../statistics/measures.ts'
import { decideThread, needsOfThread, projectThread, reactToThread } from '../thread/index.ts'
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
    case 'SetReactions':
    case 'ClearReactions':
    case 'ReadReactions':
      return needsOfReaction(command)
    case 'VotePoll':
    case 'ClosePoll':
    case 'CountViews':
      return needsOfPoll(command)
    case 'ScheduleMessage':
    case 'EditScheduled':
    case 'CancelScheduled':
    case 'FireScheduled':
    case 'ExpireMessages':
    case 'SetTimer':
      return needsOfScheduling(command)
    case 'CreateTopic':
    case 'EditTopic':
    case 'PinTopics':
    case 'DeleteTopic':
    case 'RecountThread':
      return needsOfThread(command)
    case 'AmendMessage':
      return needsOfAmend(command)
    case 'TellChat':
      return needsOfTell(command)
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
    case 'SetReactions':
    case 'ClearReactions':
    case 'ReadReactions':
      return decideReaction(rows, command, at)
    case 'VotePoll':
    case 'ClosePoll':
    case 'CountViews':
      return decidePoll(rows, command, at)
    case 'ScheduleMessage':
    case 'EditScheduled':
    case 'CancelScheduled':
    case 'FireScheduled':
    case 'ExpireMessages':
    case 'SetTimer':
      return decideScheduling(rows, command, at)
    case 'CreateTopic':
    case 'EditTopic':
    case 'PinTopics':
    case 'DeleteTopic':
    case 'RecountThread':
      return decideThread(rows, command, at)
    case 'AmendMessage':
      return decideAmend(rows, command, at)
    case 'TellChat':
      return decideTell(rows, command, at)
    default:
      return decideGroup(rows, command, at)
  }
}

function project(event: ChatEvent): Mutation[] {
  const rows = rowsOf(event)
  const measured = projectStatistics(event)
  return measured.length === 0 ? rows : [...rows, ...measured]
}

function rowsOf(event: ChatEvent): Mutation[] {
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
    case 'ReactionsChanged':
    case 'ReactionsRead':
      return projectReaction(event)
    case 'PollVoted':
    case 'PollClosed':
    case 'ViewsCounted':
      return projectPollEvent(event)
    case 'ScheduledPut':
    case 'ScheduledGone':
    case 'ScheduleRepeated':
    case 'AlarmsCleared':
      return projectScheduling(event)
    case 'TopicsChanged':
    case 'ThreadRecounted':
      return projectThread(event)
    case 'LookChanged':
      return projectLook(event)
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
    case 'ReactionsChanged':
    case 'ReactionsRead':
      return reactToReaction(event, header)
    case 'PollVoted':
    case 'PollClosed':
    case 'ViewsCounted':
      return reactToPoll(event, header)
    case 'ScheduledPut':
    case 'ScheduledGone':
    case 'ScheduleRepeated':
    case 'AlarmsCleared':
      return reactToScheduling(event, header)
    case 'TopicsChanged':
    case 'ThreadRecounted':
      return reactToThread(event, header)
    case 'LookChanged':
      return []
    default:
      return reactToGroup(event, header)
  }
}
