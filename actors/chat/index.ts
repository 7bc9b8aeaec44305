import type { GroupCommand } from '@heliograph/schemas/avro'
import type { RowRef } from '@heliograph/storage'
import type { At, Rows } from '../runtime/decider.ts'
import { decideAdd, decideLeave, needsOfAdd, needsOfLeave } from './add.ts'
import { decideSetAdmin, decideTransfer, needsOfSetAdmin, needsOfTransfer } from './admin.ts'
import { decideSetBanned, needsOfSetBanned } from './ban.ts'
import type { ChatDecision } from './change.ts'
import { decideAdopt, decideCreate, needsOfAdopt, needsOfCreate } from './create.ts'
import { decideEditChat, decideUnlink, needsOfEditChat, needsOfUnlink } from './edit.ts'
import { decideDeleteChat, decideMigrate, needsOfDeleteChat, needsOfMigrate } from './end.ts'
import { decideJoin, needsOfJoin } from './join.ts'
import { decideDeleteInvites, decidePutInvite, needsOfDeleteInvites, needsOfPutInvite } from './links.ts'
import { decideRaise, needsOfRaise } from './reads.ts'
import { decideAnswer, needsOfAnswer } from './requests.ts'

export { projectGroup } from './project.ts'
export { reactToGroup } from './react.ts'

/** What happens to groups and channels themselves, as part of the message actor: members, rights, links. */

interface Handling<C extends GroupCommand> {
  needs(command: C): RowRef[]
  decide(rows: Rows, command: C, at: At): ChatDecision
}

const HANDLINGS: { readonly [T in GroupCommand['type']]: Handling<Extract<GroupCommand, { type: T }>> } = {
  CreateChat: { needs: needsOfCreate, decide: decideCreate },
  EditChat: { needs: needsOfEditChat, decide: decideEditChat },
  UnlinkChat: { needs: needsOfUnlink, decide: decideUnlink },
  JoinChat: { needs: needsOfJoin, decide: decideJoin },
  AddMembers: { needs: needsOfAdd, decide: decideAdd },
  LeaveChat: { needs: needsOfLeave, decide: decideLeave },
  SetAdmin: { needs: needsOfSetAdmin, decide: decideSetAdmin },
  SetBanned: { needs: needsOfSetBanned, decide: decideSetBanned },
  TransferChat: { needs: needsOfTransfer, decide: decideTransfer },
  DeleteChat: { needs: needsOfDeleteChat, decide: decideDeleteChat },
  MigrateChat: { needs: needsOfMigrate, decide: decideMigrate },
  AdoptMembers: { needs: needsOfAdopt, decide: decideAdopt },
  PutInvite: { needs: needsOfPutInvite, decide: decidePutInvite },
  DeleteInvites: { needs: needsOfDeleteInvites, decide: decideDeleteInvites },
  AnswerRequests: { needs: needsOfAnswer, decide: decideAnswer },
  RaiseRead: { needs: needsOfRaise, decide: decideRaise },
}

const handlingOf = (command: GroupCommand): Handling<GroupCommand> =>
  HANDLINGS[command.type] as unknown as Handling<GroupCommand>

export function needsOfGroup(command: GroupCommand): RowRef[] {
  return handlingOf(command).needs(command)
}

/** At most one event of a decision answers the caller: a message of its own, otherwise the one with `answers`. */
export function decideGroup(rows: Rows, command: GroupCommand, at: At): ChatDecision {
  return handlingOf(command).decide(rows, command, at)
}
