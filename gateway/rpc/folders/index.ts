import { type Handlers, works } from '../handler.ts'
import { editPeerFolders } from './edit.ts'
import {
  getDialogFilters,
  toggleDialogFilterTags,
  updateDialogFilter,
  updateDialogFiltersOrder,
} from './filters.ts'
import { getSuggestedDialogFilters } from './suggested.ts'

/** The archive and the folders of the list of chats. */
export const foldersHandlers: Handlers = {
  'folders.editPeerFolders': works(editPeerFolders),
  'messages.getDialogFilters': works(getDialogFilters),
  'messages.updateDialogFilter': works(updateDialogFilter),
  'messages.updateDialogFiltersOrder': works(updateDialogFiltersOrder),
  'messages.toggleDialogFilterTags': works(toggleDialogFilterTags),
  'messages.getSuggestedDialogFilters': works(getSuggestedDialogFilters),
}
