import { type Handlers, works } from '../handler.ts'
import { suggestBirthday } from './suggest-birthday.ts'
import { getFullUser, getRequirementsToContact, getUsers } from './users.ts'

export const usersHandlers: Handlers = {
  'users.getUsers': works(getUsers),
  'users.getFullUser': works(getFullUser),
  'users.getRequirementsToContact': works(getRequirementsToContact),
  'users.suggestBirthday': works(suggestBirthday, 'send'),
}
