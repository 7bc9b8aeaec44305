import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { idsHash } from '../hash.ts'
import { uploadedDocument } from '../messages/media/document.ts'
import { stamped } from '../upload/stamp.ts'
import {
  type Entry,
  entriesByName,
  entryAccessHash,
  entryById,
  entryByName,
  newEntryId,
  publishEntry,
  type Revision,
  reviseEntry,
} from './catalog.ts'
import { givenDocument, shownDocuments } from './files.ts'
import { MAX_SAVED_THEMES, MAX_SLUG_LENGTH, MAX_THEME_BYTES, MAX_THEME_SETTINGS } from './limits.ts'
import { putOnShelf, shelfItems, takeFromShelf } from './shelf.ts'
import { requireTitle } from './short-names.ts'
import { wallPaper } from './wallpapers.ts'

type ThemeEntry = Entry<'theme'>

const MIME_PREFIX = 'application/x-tgtheme-'
const SLUG = /^[A-Za-z0-9_-]+$/
const MIN_SLUG_LENGTH = 5
const SLUG_BYTES = 12

const invalid = () => new RpcError(400, 'THEME_INVALID')

/** The theme that a client names; 400 THEME_INVALID, THEME_SLUG_INVALID. */
async function themeEntry({ services }: CallContext, input: TlType<'InputTheme'>): Promise<ThemeEntry> {
  if (input._ === 'inputTheme') {
    const entry = await entryById(services, 'theme', input)
    if (entry === undefined) throw invalid()
    return entry
  }
  const entry = await entryByName(services, 'theme', input.slug)
  if (entry === undefined) throw new RpcError(400, 'THEME_SLUG_INVALID')
  return entry
}

async function shownTheme({ services, user }: CallContext, entry: ThemeEntry): Promise<Tl<'theme'>> {
  const { document: kept, ...theme } = entry.value
  const [document] = kept === undefined ? [] : await shownDocuments(services, user, [kept.id])
  return {
    ...theme,
    id: entry.entryId,
    accessHash: entryAccessHash(services.keyring, 'theme', entry.entryId),
    ...(document && { document }),
    ...(entry.ownerId === user && { creator: true }),
  }
}

/** 400 THEME_MIME_INVALID, THEME_FILE_INVALID. */
export const uploadTheme: Handler<'account.uploadTheme'> = async (call, context) => {
  const { file, thumb, fileName, mimeType } = call
  if (!mimeType.startsWith(MIME_PREFIX)) throw new RpcError(400, 'THEME_MIME_INVALID')
  const document = await uploadedDocument(context, {
    _: 'inputMediaUploadedDocument',
    file,
    ...(thumb && { thumb }),
    mimeType,
    attributes: [{ _: 'documentAttributeFilename', fileName }],
  })
  if (document.size > MAX_THEME_BYTES) throw new RpcError(400, 'THEME_FILE_INVALID')
  return stamped(context.services, context.user, document)
}

export const createTheme: Handler<'account.createTheme'> = async (call, context) => {
  const title = requireTitle(call.title, 'THEME_TITLE_INVALID')
  const slug =
    call.slug === '' ? context.services.random(SLUG_BYTES).toString('base64url') : requireSlug(call.slug)
  const entryId = newEntryId(context)
  const bare: Tl<'theme'> = { _: 'theme', id: entryId, accessHash: 0n, slug, title }
  const { value, documentIds } = await changedTheme(context, bare, call)
  const entry = { kind: 'theme', name: slug, entryId, ownerId: context.user, value } as const
  await publishEntry(context, { ...entry, documentIds }, 'THEME_SLUG_INVALID')
  await putOnShelf(context, 'themes', { itemId: entryId, name: slug }, MAX_SAVED_THEMES)
  return shownTheme(context, await themeEntry(context, { _: 'inputThemeSlug', slug }))
}

/** The name of a theme stays; its title, file and settings change. */
export const updateTheme: Handler<'account.updateTheme'> = async (call, context) => {
  const entry = await themeEntry(context, call.theme)
  if (entry.ownerId !== context.user) throw invalid()
  if (call.slug !== undefined && call.slug.toLowerCase() !== entry.name.toLowerCase())
    throw new RpcError(400, 'THEME_SLUG_INVALID')
  const title = call.title === undefined ? undefined : requireTitle(call.title, 'THEME_TITLE_INVALID')
  const { value: change } = await changedTheme(context, entry.value, call)
  const revised = await reviseEntry(context, entry, ({ value }) =>
    revisionOf({
      ...value,
      ...(title !== undefined && { title }),
      ...(call.document && change.document && { document: change.document }),
      ...(call.settings && change.settings && { settings: change.settings }),
    }),
  )
  return shownTheme(context, revised)
}

function revisionOf(value: Tl<'theme'>): Revision<'theme'> {
  return { value, documentIds: value.document === undefined ? [] : [value.document.id] }
}

interface ThemeChange {
  readonly document?: TlType<'InputDocument'> | undefined
  readonly settings?: readonly TlType<'InputThemeSettings'>[] | undefined
}

async function changedTheme(
  context: CallContext,
  theme: Tl<'theme'>,
  { document: input, settings: given }: ThemeChange,
): Promise<Revision<'theme'>> {
  const document = input && (await givenDocument(context, input, 'THEME_INVALID')).document
  if (document !== undefined && !document.mimeType.startsWith(MIME_PREFIX))
    throw new RpcError(400, 'THEME_MIME_INVALID')
  if (given !== undefined && given.length > MAX_THEME_SETTINGS) throw invalid()
  const settings = given && (await Promise.all(given.map((each) => themeSettings(context, each))))
  return revisionOf({
    ...theme,
    ...(document && { document: { _: 'documentEmpty', id: document.id } }),
    ...(settings && { settings }),
  })
}

async function themeSettings(
  context: CallContext,
  input: TlType<'InputThemeSettings'>,
): Promise<TlType<'ThemeSettings'>> {
  const { _, wallpaper, wallpaperSettings, ...same } = input
  if (wallpaper === undefined) return { _: 'themeSettings', ...same }
  return { _: 'themeSettings', ...same, wallpaper: await wallPaper(context, wallpaper, wallpaperSettings) }
}

function requireSlug(slug: string): string {
  if (slug.length < MIN_SLUG_LENGTH || slug.length > MAX_SLUG_LENGTH || !SLUG.test(slug))
    throw new RpcError(400, 'THEME_SLUG_INVALID')
  return slug
}

export const getTheme: Handler<'account.getTheme'> = async (call, context) => {
  if (call.format === '') throw new RpcError(400, 'THEME_FORMAT_INVALID')
  return shownTheme(context, await themeEntry(context, call.theme))
}

export const getThemes: Handler<'account.getThemes'> = async (call, context) => {
  const { services, user } = context
  const names = (await shelfItems(services, user, 'themes')).map(({ name }) => name)
  const entries = await entriesByName(services, 'theme', names)
  const hash = idsHash(entries.flatMap(({ entryId, version }) => [entryId, version]))
  if (call.hash !== 0n && call.hash === hash) return { _: 'account.themesNotModified' }
  const themes = await Promise.all(entries.map((entry) => shownTheme(context, entry)))
  return { _: 'account.themes', hash, themes }
}

export const saveTheme: Handler<'account.saveTheme'> = async (call, context) => {
  const { entryId: itemId, name } = await themeEntry(context, call.theme)
  if (call.unsave) await takeFromShelf(context, 'themes', [itemId])
  else await putOnShelf(context, 'themes', { itemId, name }, MAX_SAVED_THEMES)
  return true
}

/** A theme of the server's in use stands first among the saved ones; those of clients have no file here. */
export const installTheme: Handler<'account.installTheme'> = async (call, context) => {
  if (call.theme === undefined) return true
  const { entryId: itemId, name } = await themeEntry(context, call.theme)
  await putOnShelf(context, 'themes', { itemId, name }, MAX_SAVED_THEMES)
  return true
}
