import type { UserId } from '@heliograph/schemas/avro'
import { RpcError, type Tl } from '@heliograph/schemas/tl'
import { type Handler, type Handlers, works } from '../handler.ts'
import { idsHash } from '../hash.ts'
import { inputUserId } from '../peers.ts'
import type { Services } from '../services.ts'
import { readSetting, writeSetting } from '../settings.ts'
import { givenDocument, shownDocuments } from '../stickers/files.ts'

const MUSIC_SETTING = 'saved-music'
const MAX_SAVED_MUSIC = 100
const ID_BYTES = 8

/** The music on a user's page, in its order: ids of documents. */
export async function savedMusic(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
): Promise<bigint[]> {
  const value = (await readSetting(services, userId, MUSIC_SETTING)) ?? Buffer.alloc(0)
  const ids: bigint[] = []
  for (let at = 0; at + ID_BYTES <= value.length; at += ID_BYTES) ids.push(value.readBigInt64LE(at))
  return ids
}

function encoded(ids: readonly bigint[]): Buffer | null {
  if (ids.length === 0) return null
  const value = Buffer.alloc(ID_BYTES * ids.length)
  for (const [index, id] of ids.entries()) value.writeBigInt64LE(id, ID_BYTES * index)
  return value
}

/** `account.saveMusic`: on top of the page, or after another one; 400 DOCUMENT_INVALID for what is no music. */
const saveMusic: Handler<'account.saveMusic'> = async (call, context) => {
  const { document } = await givenDocument(context, call.id, 'DOCUMENT_INVALID')
  const isMusic = document.attributes.some(
    (each) => each._ === 'documentAttributeAudio' && each.voice !== true,
  )
  if (!isMusic) throw new RpcError(400, 'DOCUMENT_INVALID')
  const others = (await savedMusic(context.services, context.user)).filter((id) => id !== document.id)
  if (call.unsave !== true) {
    const after = call.afterId?._ === 'inputDocument' ? others.indexOf(call.afterId.id) : -1
    others.splice(after + 1, 0, document.id)
  }
  await writeSetting(context, MUSIC_SETTING, encoded(others.slice(0, MAX_SAVED_MUSIC)))
  return true
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
