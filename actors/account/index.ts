import type { AccountCommand, AccountEvent, RecordHeader } from '@heliograph/schemas/avro'
import type { Mutation, RowRef } from '@heliograph/storage'
import type { At, Decider, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { decideAuthKey, needsOfAuthKey } from './auth-key.ts'
import {
  projectAuthKeyChanged,
  projectAuthKeyDestroyed,
  reactToAuthKeyChanged,
  reactToAuthKeyDestroyed,
} from './auth-key-effects.ts'
import { decideBlocked, needsOfBlocked, projectBlocked, reactToBlocked } from './blocked.ts'
import { decideChannel, needsOfChannel, projectChannel, reactToChannel } from './channel.ts'
import { decideCollection, needsOfCollection, projectCollection, reactToCollection } from './collection.ts'
import {
  decideDeleteContacts,
  decidePutContacts,
  needsOfContacts,
  projectContactsDeleted,
  projectContactsPut,
  reactToContacts,
} from './contacts.ts'
import { decideDraft, needsOfDraft, projectDraft, reactToDraft } from './drafts.ts'
import { decidePhone, needsOfPhone, projectPhone, reactToPhone } from './phone.ts'
import { decideSetting, needsOfSetting, projectSetting, reactToSetting } from './settings.ts'
import { decideUser, needsOfUser, projectUser, reactToUser } from './user.ts'
import { answered } from './user-channel.ts'
import {
  decideUsername,
  needsOfUsername,
  projectClaimed,
  projectReleased,
  reactToGranted,
} from './username.ts'

/** The account actor: auth keys, phone numbers, usernames and users, each an actor of its own by the record's key. */
export const accountDecider: Decider<AccountCommand, AccountEvent> = {
  group: 'account',
  commands: 'account.commands',
  events: 'account.events',
  needs,
  decide,
  project,
  react,
}

function needs(command: AccountCommand): RowRef[] {
  switch (command.type) {
    case 'ReservePhone':
    case 'ClaimPhone':
    case 'ReleasePhone':
    case 'AwaitPhone':
      return needsOfPhone(command)
    case 'ClaimUsername':
    case 'ReleaseUsername':
    case 'GrantUsername':
      return needsOfUsername(command)
    case 'ChangeCollection':
      return needsOfCollection(command)
    case 'CreateUser':
    case 'UpdateProfile':
    case 'SetUsername':
    case 'ChangePhone':
    case 'SetPrivacy':
    case 'TouchUser':
    case 'DeleteUser':
      return needsOfUser(command)
    case 'PutContacts':
    case 'DeleteContacts':
      return needsOfContacts(command)
    case 'SetBlocked':
      return needsOfBlocked(command)
    case 'SaveDraft':
      return needsOfDraft(command)
    case 'PutSetting':
      return needsOfSetting(command)
    case 'MarkChannel':
      return needsOfChannel(command)
    default:
      return needsOfAuthKey(command)
  }
}

function decide(rows: Rows, command: AccountCommand, at: At): Decision<AccountEvent> {
  switch (command.type) {
    case 'ReservePhone':
    case 'ClaimPhone':
    case 'ReleasePhone':
    case 'AwaitPhone':
      return decidePhone(rows, command, at)
    case 'ClaimUsername':
    case 'ReleaseUsername':
    case 'GrantUsername':
      return decideUsername(rows, command)
    case 'ChangeCollection':
      return decideCollection(rows, command, at)
    case 'CreateUser':
    case 'UpdateProfile':
    case 'SetUsername':
    case 'ChangePhone':
    case 'SetPrivacy':
    case 'TouchUser':
    case 'DeleteUser':
      return decideUser(rows, command, at)
    case 'PutContacts':
      return decidePutContacts(command, at)
    case 'DeleteContacts':
      return decideDeleteContacts(rows, command)
    case 'SetBlocked':
      return decideBlocked(rows, command, at)
    case 'SaveDraft':
      return decideDraft(rows, command, at)
    case 'PutSetting':
      return decideSetting(rows, command)
    case 'MarkChannel':
      return decideChannel(rows, command, at)
    default:
      return decideAuthKey(rows, command, at)
  }
}

function project(event: AccountEvent): Mutation[] {
  switch (event.type) {
    case 'AuthKeyChanged':
      return projectAuthKeyChanged(event)
    case 'AuthKeyDestroyed':
      return projectAuthKeyDestroyed(event)
    case 'PhoneReserved':
    case 'PhoneReleased':
    case 'PhoneAwaited':
      return projectPhone(event)
    case 'UsernameClaimed':
    case 'UsernameGranted':
      return projectClaimed(event)
    case 'CollectionChanged':
      return projectCollection(event)
    case 'UsernameReleased':
      return projectReleased(event)
    case 'UserChanged':
      return projectUser(event)
    case 'ContactsPut':
      return projectContactsPut(event)
    case 'ContactsDeleted':
      return projectContactsDeleted(event)
    case 'BlockedSet':
      return projectBlocked(event)
    case 'DraftSaved':
      return projectDraft(event)
    case 'SettingPut':
      return projectSetting(event)
    case 'ChannelMarked':
      return projectChannel(event)
  }
}

function react(event: AccountEvent, header: RecordHeader): Reaction[] {
  switch (event.type) {
    case 'AuthKeyChanged':
      return reactToAuthKeyChanged(event, header)
    case 'AuthKeyDestroyed':
      return reactToAuthKeyDestroyed(event, header)
    case 'PhoneReserved':
      return reactToPhone(event, header)
    case 'PhoneReleased':
    case 'PhoneAwaited':
    case 'UsernameClaimed':
    case 'UsernameReleased':
      return answered(header)
    case 'UsernameGranted':
      return reactToGranted(event, header)
    case 'CollectionChanged':
      return reactToCollection(event, header)
    case 'UserChanged':
      return reactToUser(event, header)
    case 'ContactsPut':
    case 'ContactsDeleted':
      return reactToContacts(event, header)
    case 'BlockedSet':
      return reactToBlocked(event, header)
    case 'DraftSaved':
      return reactToDraft(event, header)
    case 'SettingPut':
      return reactToSetting(event, header)
    case 'ChannelMarked':
      return reactToChannel(event, header)
  }
}
