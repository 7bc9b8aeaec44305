import { empty, type Handlers, works } from '../handler.ts'
import { getTopPeers, resetTopPeerRating, toggleTopPeers } from '../top-peers/top-peers.ts'
import { addContact, deleteByPhones, deleteContacts } from './add.ts'
import { getBirthdays } from './birthdays.ts'
import { block, getBlocked, setBlocked, unblock } from './blocked.ts'
import { editCloseFriends } from './close-friends.ts'
import { importContacts, importCost } from './import.ts'
import { acceptContact, getContactIds, getContacts, getSaved, getStatuses, resetSaved } from './list.ts'
import { updateContactNote } from './note.ts'
import { resolvePhone, resolveUsername } from './resolve.ts'
import { search } from './search.ts'
import { exportContactToken, importContactToken } from './token.ts'

export const contactsHandlers: Handlers = {
  'contacts.getContacts': works(getContacts),
  'contacts.getContactIDs': works(getContactIds),
  'contacts.getStatuses': works(getStatuses),
  'contacts.importContacts': works(importContacts, 'import', importCost),
  'contacts.addContact': works(addContact),
  'contacts.deleteContacts': works(deleteContacts),
  'contacts.deleteByPhones': works(deleteByPhones),
  'contacts.acceptContact': empty(acceptContact),
  'contacts.resolveUsername': works(resolveUsername, 'resolve'),
  'contacts.resolvePhone': works(resolvePhone, 'resolve'),
  'contacts.search': works(search, 'resolve'),
  'contacts.block': works(block),
  'contacts.unblock': works(unblock),
  'contacts.setBlocked': works(setBlocked, 'import'),
  'contacts.getBlocked': works(getBlocked),
  'contacts.getBirthdays': works(getBirthdays),
  'contacts.getTopPeers': works(getTopPeers),
  'contacts.resetTopPeerRating': works(resetTopPeerRating),
  'contacts.toggleTopPeers': works(toggleTopPeers),
  'contacts.getSaved': works(getSaved),
  'contacts.resetSaved': works(resetSaved, 'import'),
  'contacts.exportContactToken': works(exportContactToken, 'profile'),
  'contacts.importContactToken': works(importContactToken, 'resolve'),
  'contacts.updateContactNote': works(updateContactNote),
  'contacts.editCloseFriends': works(editCloseFriends),
  'contacts.getSponsoredPeers': empty(() => ({ _: 'contacts.sponsoredPeersEmpty' })),
}
