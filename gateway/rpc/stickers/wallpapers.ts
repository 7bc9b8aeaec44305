import { encodeObject, RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { uploadedDocument } from '../messages/media/document.ts'
import { tlValue } from '../settings.ts'
import {
  type Entry,
  entriesByName,
  entryAccessHash,
  entryById,
  entryByName,
  newEntryId,
  publishEntry,
} from './catalog.ts'
import { shownDocuments } from './files.ts'
import { MAX_ASKED_DOCUMENTS, MAX_SAVED_WALLPAPERS, MAX_WALLPAPER_BYTES } from './limits.ts'
import { clearShelf, putOnShelf, type ShelfItem, shelfHash, shelfItems, takeFromShelf } from './shelf.ts'

type WallPaper = TlType<'WallPaper'>
type Settings = TlType<'WallPaperSettings'>
type WallPaperEntry = Entry<'wallpaper'>

const PICTURES = new Set(['image/jpeg', 'image/png'])
const PATTERN = 'application/x-tgwallpattern'
const SLUG_BYTES = 12

const invalid = () => new RpcError(400, 'WALLPAPER_INVALID')

/** The wallpaper that a client names; 400 WALLPAPER_INVALID. */
async function wallPaperEntry(
  { services }: CallContext,
  input: Exclude<TlType<'InputWallPaper'>, { _: 'inputWallPaperNoFile' }>,
): Promise<WallPaperEntry> {
  const entry =
    input._ === 'inputWallPaper'
      ? await entryById(services, 'wallpaper', input)
      : await entryByName(services, 'wallpaper', input.slug)
  if (entry === undefined) throw invalid()
  return entry
}

/** As the caller sees it; undefined where its file is gone. */
async function shownWallPaper(
  { services, user }: CallContext,
  entry: WallPaperEntry,
  settings?: Settings,
): Promise<Tl<'wallPaper'> | undefined> {
  const [document] = await shownDocuments(services, user, [entry.value.document.id])
  if (document === undefined) return
  const accessHash = entryAccessHash(services.keyring, 'wallpaper', entry.entryId)
  const creator = entry.ownerId === user
  return { ...entry.value, accessHash, document, ...(creator && { creator }), ...(settings && { settings }) }
}

/** The wallpaper that a client names, as it sees it; one without a file is its settings. */
export async function wallPaper(
  context: CallContext,
  input: TlType<'InputWallPaper'>,
  settings?: Settings,
): Promise<WallPaper> {
  if (input._ === 'inputWallPaperNoFile')
    return { _: 'wallPaperNoFile', id: input.id, ...(settings && { settings }) }
  const shown = await shownWallPaper(context, await wallPaperEntry(context, input), settings)
  if (shown === undefined) throw invalid()
  return shown
}

export const getWallPaper: Handler<'account.getWallPaper'> = (call, context) =>
  wallPaper(context, call.wallpaper)

export const getMultiWallPapers: Handler<'account.getMultiWallPapers'> = (call, context) => {
  if (call.wallpapers.length > MAX_ASKED_DOCUMENTS) throw invalid()
  return Promise.all(call.wallpapers.map((input) => wallPaper(context, input)))
}

/** Publishes a picture or pattern under a new name; 400 WALLPAPER_MIME_INVALID, WALLPAPER_FILE_INVALID. */
export const uploadWallPaper: Handler<'account.uploadWallPaper'> = async (call, context) => {
  const { file, mimeType, settings } = call
  const isPattern = mimeType === PATTERN
  if (!isPattern && !PICTURES.has(mimeType)) throw new RpcError(400, 'WALLPAPER_MIME_INVALID')
  const attributes: TlType<'DocumentAttribute'>[] = []
  const document = await uploadedDocument(context, {
    _: 'inputMediaUploadedDocument',
    file,
    mimeType,
    attributes,
  })
  const isShown = isPattern || document.thumbs !== undefined
  if (!isShown || document.size > MAX_WALLPAPER_BYTES) throw new RpcError(400, 'WALLPAPER_FILE_INVALID')
  const entryId = newEntryId(context)
  const slug = context.services.random(SLUG_BYTES).toString('base64url')
  const value: Tl<'wallPaper'> = {
    _: 'wallPaper',
    id: entryId,
    accessHash: 0n,
    slug,
    document: { _: 'documentEmpty', id: document.id },
    ...(isPattern && { pattern: true }),
    settings,
  }
  const entry = { kind: 'wallpaper', name: slug, entryId, ownerId: context.user, value } as const
  await publishEntry(context, { ...entry, documentIds: [document.id] }, 'WALLPAPER_INVALID')
  return wallPaper(context, { _: 'inputWallPaperSlug', slug })
}

const itemOf = async (context: CallContext, input: TlType<'InputWallPaper'>) => {
  if (input._ === 'inputWallPaperNoFile') return { itemId: input.id }
  const { entryId: itemId, name } = await wallPaperEntry(context, input)
  return { itemId, name }
}

async function save(
  context: CallContext,
  input: TlType<'InputWallPaper'>,
  settings: Settings,
): Promise<void> {
  const item = { ...(await itemOf(context, input)), settings: Buffer.from(encodeObject(settings)) }
  await putOnShelf(context, 'wallpapers', item, MAX_SAVED_WALLPAPERS)
}

export const saveWallPaper: Handler<'account.saveWallPaper'> = async (call, context) => {
  if (!call.unsave) await save(context, call.wallpaper, call.settings)
  else await takeFromShelf(context, 'wallpapers', [(await itemOf(context, call.wallpaper)).itemId])
  return true
}

/** One that is in use stands first among those that are saved. */
export const installWallPaper: Handler<'account.installWallPaper'> = async (call, context) => {
  await save(context, call.wallpaper, call.settings)
  return true
}

export const resetWallPapers: Handler<'account.resetWallPapers'> = async (_, context) => {
  await clearShelf(context, 'wallpapers')
  return true
}

export const getWallPapers: Handler<'account.getWallPapers'> = async (call, context) => {
  const { services, user } = context
  const items = await shelfItems(services, user, 'wallpapers')
  const hash = shelfHash(items)
  if (call.hash !== 0n && call.hash === hash) return { _: 'account.wallPapersNotModified' }
  const names = items.map(({ name }) => name).filter((name) => name !== '')
  const entries = new Map(
    (await entriesByName(services, 'wallpaper', names)).map((each) => [each.entryId, each]),
  )
  const shown = await Promise.all(items.map((item) => shownItem(context, item, entries.get(item.itemId))))
  return { _: 'account.wallPapers', hash, wallpapers: shown.filter((each) => each !== undefined) }
}

async function shownItem(
  context: CallContext,
  item: ShelfItem,
  entry: WallPaperEntry | undefined,
): Promise<WallPaper | undefined> {
  const settings = item.settings === null ? undefined : tlValue(item.settings, 'wallPaperSettings')
  if (item.name === '') return { _: 'wallPaperNoFile', id: item.itemId, ...(settings && { settings }) }
  return entry && shownWallPaper(context, entry, settings)
}
