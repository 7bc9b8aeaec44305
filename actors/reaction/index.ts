import type { ReactionCommand, ReactionEvent } from '@heliograph/schemas/avro'
import type { RowRef } from '@heliograph/storage'
import type { At, Decision, Rows } from '../runtime/decider.ts'
import { decideClear, needsOfClear } from './clear.ts'
import { decideRead, needsOfRead } from './read.ts'
import { decideSet, needsOfSet } from './set.ts'

export { projectReaction } from './project.ts'
export { reactToReaction } from './react.ts'

/** Reactions to messages, as part of the message actor. */

export function needsOfReaction(command: ReactionCommand): RowRef[] {
  switch (command.type) {
    case 'SetReactions':
      return needsOfSet(command)
    case 'ClearReactions':
      return needsOfClear(command)
    case 'ReadReactions':
      return needsOfRead(command)
  }
}

export function decideReaction(rows: Rows, command: ReactionCommand, at: At): Decision<ReactionEvent> {
  switch (command.type) {
    case 'SetReactions':
      return decideSet(rows, command, at)
    case 'ClearReactions':
      return decideClear(rows, command, at)
    case 'ReadReactions':
      return decideRead(rows, command, at)
  }
}
