import type { UserId } from '@heliograph/schemas/avro'
import { RpcError, type Tl } from '@heliograph/schemas/tl'
import { type CallContext, type Handler, type Handlers, works } from '../handler.ts'
import { idsHash } from '../hash.ts'
import { inputUserId } from '../peers.ts'
import type { Services } from '../services.ts'
import { givenDocument, shownDocuments } from '../stickers/files.ts'
import { arrangeShelf, putOnShelf, shelfItems, takeFromShelf } from '../stickers/shelf.ts'

const MAX_SAVED_MUSIC = 100

/** The music on a user's page, in its order: ids of documents, which its shelf holds. */
export async function savedMusic(services: Pick<Services, 'tables'>, userId: UserId): Promise<bigint[]> {
  return (await shelfItems(services, userId, 'music')).map(({ itemId }) => itemId)
}

/** `account.saveMusic`: on top of the page, or after another one; 400 DOCUMENT_INVALID for what is no music. */
const saveMusic: Handler<'account.saveMusic'> = async (call, context) => {
  const { document } = await givenDocument(context, call.id, 'DOCUMENT_INVALID')
  const isMusic = document.attributes.some(
    (each) => each._ === 'documentAttributeAudio' && each.voice !== true,
  )
  if (!isMusic) throw new RpcError(400, 'DOCUMENT_INVALID')
  if (call.unsave === true) {
    await takeFromShelf(context, 'music', [document.id])
    return true
  }
  const item = { itemId: document.id, documentId: document.id }
  await putOnShelf(context, 'music', item, MAX_SAVED_MUSIC)
  if (call.afterId?._ === 'inputDocument') await moveBehind(context, document.id, call.afterId.id)
  return true
}

/** What was put on top goes behind another one, if that is there. */
async function moveBehind(context: CallContext, id: bigint, afterId: bigint): Promise<void> {
  const others = (await savedMusic(context.services, context.user)).filter((each) => each !== id)
  const after = others.indexOf(afterId)
  if (after >= 0) await arrangeShelf(context, 'music', others.toSpliced(after + 1, 0, id))
}

const getSavedMusicIds: Handler<'account.getSavedMusicIds'> = async (call, { services, user }) => {
  const ids = await savedMusic(services, user)
  if (call.hash !== 0n && call.hash === idsHash(ids)) return { _: 'account.savedMusicIdsNotModified' }
  return { _: 'account.savedMusicIds', ids }
}

/** `users.getSavedMusic`: a page of what a user shows. */
const getSavedMusic: Handler<'users.getSavedMusic'> = async (call, context) => {
  const ids = await savedMusic(context.services, inputUserId(call.id, context))
  const page = ids.slice(Math.max(0, call.offset), Math.max(0, call.offset) + Math.max(0, call.limit))
  return shown(ids.length, await shownDocuments(context.services, context.user, page))
}

/** `users.getSavedMusicByID`: of these, what the user still shows, with new file references. */
const getSavedMusicById: Handler<'users.getSavedMusicByID'> = async (call, context) => {
  const asked = new Set(call.documents.map((input) => (input._ === 'inputDocument' ? input.id : 0n)))
  const ids = await savedMusic(context.services, inputUserId(call.id, context))
  const found = ids.filter((id) => asked.has(id))
  return shown(ids.length, await shownDocuments(context.services, context.user, found))
}

const shown = (count: number, documents: Tl<'document'>[]): Tl<'users.savedMusic'> => ({
  _: 'users.savedMusic',
  count,
  documents,
})

/** Music on the pages of users. */
export const musicHandlers: Handlers = {
  'account.saveMusic': works(saveMusic),
  'account.getSavedMusicIds': works(getSavedMusicIds),
  'users.getSavedMusic': works(getSavedMusic),
  'users.getSavedMusicByID': works(getSavedMusicById),
}
