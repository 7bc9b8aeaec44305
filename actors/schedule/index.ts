import type { ChatEvent, RecordHeader, ScheduleCommand, ScheduleEvent } from '@heliograph/schemas/avro'
import type { Mutation, RowRef } from '@heliograph/storage'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { projectCleared } from './alarms.ts'
import { decideExpire, needsOfExpire } from './expire.ts'
import { decideFire, needsOfFire } from './fire.ts'
import { decideCancel, needsOfCancel, projectGone, reactToGone } from './gone.ts'
import {
  answerId,
  decideEditScheduled,
  decideSchedule,
  needsOfEditScheduled,
  needsOfSchedule,
  projectPut,
  reactToPut,
} from './put.ts'
import { decideTimer, needsOfTimer } from './timer.ts'

/** What is to happen later in a chat, as part of the message actor: scheduled messages, and the timers of messages. */

interface Handling<C extends ScheduleCommand> {
  needs(command: C): RowRef[]
  decide(rows: Rows, command: C, at: At): Decision<ChatEvent>
}

const HANDLINGS: {
  readonly [T in ScheduleCommand['type']]: Handling<Extract<ScheduleCommand, { type: T }>>
} = {
  ScheduleMessage: { needs: needsOfSchedule, decide: decideSchedule },
  EditScheduled: { needs: needsOfEditScheduled, decide: decideEditScheduled },
  CancelScheduled: { needs: needsOfCancel, decide: decideCancel },
  FireScheduled: { needs: needsOfFire, decide: decideFire },
  ExpireMessages: { needs: needsOfExpire, decide: decideExpire },
  SetTimer: { needs: needsOfTimer, decide: decideTimer },
}

const handlingOf = (command: ScheduleCommand): Handling<ScheduleCommand> =>
  HANDLINGS[command.type] as unknown as Handling<ScheduleCommand>

export const isScheduleCommand = (command: { readonly type: string }): command is ScheduleCommand =>
  Object.hasOwn(HANDLINGS, command.type)

export function needsOfScheduling(command: ScheduleCommand): RowRef[] {
  return handlingOf(command).needs(command)
}

export function decideScheduling(rows: Rows, command: ScheduleCommand, at: At): Decision<ChatEvent> {
  return handlingOf(command).decide(rows, command, at)
}

export function projectScheduling(event: ScheduleEvent): Mutation[] {
  switch (event.type) {
    case 'ScheduledPut':
      return projectPut(event)
    case 'ScheduledGone':
      return projectGone(event)
    case 'AlarmsCleared':
      return projectCleared(event)
    case 'ScheduleRepeated':
      return []
  }
}

export function reactToScheduling(event: ScheduleEvent, header: RecordHeader): Reaction[] {
  switch (event.type) {
    case 'ScheduledPut':
      return reactToPut(event, header)
    case 'ScheduledGone':
      return reactToGone(event, header)
    case 'ScheduleRepeated':
      return answerId(event, header)
    case 'AlarmsCleared':
      return []
  }
}
