import { randomBytes } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { picture, tgs } from '@heliograph/gateway/media/samples'
import { Long, type tl } from '@mtcute/node'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import { type Member, member } from './people.ts'
import type { ServerProcess } from './server.ts'

const inputDocument = (document: tl.TypeDocument): tl.RawInputDocument => {
  if (document._ !== 'document') throw new Error('no document')
  const { id, accessHash, fileReference } = document
  return { _: 'inputDocument', id, accessHash, fileReference }
}

/** Uploads a file, and has it made a document. */
async function uploaded(
  { client }: Member,
  bytes: Uint8Array,
  mimeType: string,
  attributes: tl.TypeDocumentAttribute[] = [],
): Promise<tl.RawDocument> {
  const { inputFile } = await client.uploadFile({ file: bytes, fileName: 'file' })
  const media = await client.call({
    _: 'messages.uploadMedia',
    peer: { _: 'inputPeerSelf' },
    media: { _: 'inputMediaUploadedDocument', file: inputFile, mimeType, attributes },
  })
  if (media._ !== 'messageMediaDocument' || media.document?._ !== 'document') throw new Error('no document')
  return media.document
}

async function download({ client }: Member, document: tl.RawDocument): Promise<Buffer> {
  const { id, accessHash, fileReference } = document
  const location = { _: 'inputDocumentFileLocation', id, accessHash, fileReference, thumbSize: '' } as const
  const limit = 1024 * 1024
  const file = await client.call({ _: 'upload.getFile', location, offset: 0, limit })
  if (file._ !== 'upload.file') throw new Error(file._)
  return Buffer.from(file.bytes)
}

const documentsOf = ({ documents }: tl.messages.RawStickerSet) => documents as tl.RawDocument[]
const setOf = (set: tl.messages.TypeStickerSet): tl.messages.RawStickerSet => {
  if (set._ !== 'messages.stickerSet') throw new Error(set._)
  return set
}

describe('sticker sets, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  const shortName = `set_${randomBytes(4).toString('hex')}`
  const named = { _: 'inputStickerSetShortName', shortName } as const

  beforeAll(async () => {
    ;({ server, alice, bob } = await startCouple({ acquainted: true }))
  })
  afterAll(() => endCouple({ server, alice, bob }))

  const still = async () =>
    uploaded(alice, await picture({ width: 512, height: 400, format: 'png', channels: 4 }), 'image/png')
  const moving = () => uploaded(alice, tgs(), 'application/x-tgsticker')
  const item = async (
    document: Promise<tl.RawDocument>,
    emoji: string,
  ): Promise<tl.RawInputStickerSetItem> => ({
    _: 'inputStickerSetItem',
    document: inputDocument(await document),
    emoji,
  })
  const getSet = async ({ client }: Member, hash = 0) =>
    client.call({ _: 'messages.getStickerSet', stickerset: named, hash })

  it('a set is made, and anybody sees and downloads its stickers', async () => {
    const set = await alice.client.call({
      _: 'stickers.createStickerSet',
      userId: { _: 'inputUserSelf' },
      title: 'My cats',
      shortName,
      stickers: [await item(still(), '🐱😀'), await item(moving(), '🐱')],
    })
    const { count, title, creator } = setOf(set).set
    expect({ count, title, creator }).toEqual({ count: 2, title: 'My cats', creator: true })

    const seen = setOf(await getSet(bob))
    expect(seen.set.creator).toBe(false)
    expect(seen.packs.map((pack) => [pack.emoticon, pack.documents.length])).toEqual([
      ['🐱', 2],
      ['😀', 1],
    ])
    const [first, second] = documentsOf(seen)
    expect([first?.mimeType, second?.mimeType]).toEqual(['image/webp', 'application/x-tgsticker'])
    const attribute = first?.attributes.find((each) => each._ === 'documentAttributeSticker')
    expect(attribute).toMatchObject({ alt: '🐱', stickerset: { _: 'inputStickerSetID', id: seen.set.id } })
    expect(await sharp(await download(bob, first!)).metadata()).toMatchObject({ format: 'webp', width: 512 })
    expect(await download(bob, second!)).toEqual(tgs())
    expect((await getSet(bob, seen.set.hash))._).toBe('messages.stickerSetNotModified')
    const byId = { _: 'inputStickerSetID', id: seen.set.id, accessHash: seen.set.accessHash } as const
    expect(
      setOf(await bob.client.call({ _: 'messages.getStickerSet', stickerset: byId, hash: 0 })).set.title,
    ).toBe('My cats')
  })

  it('names are one set’s, and what is no sticker is refused', async () => {
    await expect(
      bob.client.call({ _: 'stickers.checkShortName', shortName: shortName.toUpperCase() }),
    ).rejects.toThrow('SHORT_NAME_OCCUPIED')
    expect(await bob.client.call({ _: 'stickers.checkShortName', shortName: 'nobody_has_this' })).toBe(true)
    const suggested = await bob.client.call({ _: 'stickers.suggestShortName', title: 'Été 2026!' })
    expect(suggested.shortName).toBe('Ete_2026')
    const make = async (document: Promise<tl.RawDocument>, emoji = '🐱') =>
      alice.client.call({
        _: 'stickers.createStickerSet',
        userId: { _: 'inputUserSelf' },
        title: 'Another',
        shortName,
        stickers: [await item(document, emoji)],
      })
    await expect(make(still())).rejects.toThrow('PACK_SHORT_NAME_OCCUPIED')
    await expect(make(still(), 'cat')).rejects.toThrow('STICKER_EMOJI_INVALID')
    const small = uploaded(alice, await picture({ width: 100, height: 90, format: 'webp' }), 'image/webp')
    await expect(make(small)).rejects.toThrow('STICKER_PNG_DIMENSIONS')
    await expect(make(uploaded(alice, tgs({ op: 900 }), 'application/x-tgsticker'))).rejects.toThrow(
      'STICKER_TGS_NOTGS',
    )
  })

  it('its owner changes it, and nobody else', async () => {
    const added = setOf(
      await alice.client.call({
        _: 'stickers.addStickerToSet',
        stickerset: named,
        sticker: await item(moving(), '🔥'),
      }),
    )
    expect(added.set.count).toBe(3)
    const [first, , third] = documentsOf(added)
    const moved = setOf(
      await alice.client.call({
        _: 'stickers.changeStickerPosition',
        sticker: inputDocument(third!),
        position: 0,
      }),
    )
    expect(documentsOf(moved)[0]?.id.eq(third!.id)).toBe(true)
    const sticker = inputDocument(documentsOf(moved)[0]!)
    const changed = setOf(
      await alice.client.call({ _: 'stickers.changeSticker', sticker, emoji: '💧', keywords: 'Rain, wet' }),
    )
    expect(changed.packs.map((pack) => pack.emoticon)).toContain('💧')
    expect(changed.keywords[0]?.keyword).toEqual(['rain', 'wet'])
    const removed = setOf(
      await alice.client.call({
        _: 'stickers.removeStickerFromSet',
        sticker: inputDocument(documentsOf(changed)[0]!),
      }),
    )
    expect(removed.set.count).toBe(2)
    expect(removed.keywords).toEqual([])
    const renamed = setOf(
      await alice.client.call({ _: 'stickers.renameStickerSet', stickerset: named, title: 'Our cats' }),
    )
    expect(renamed.set.title).toBe('Our cats')

    const rename = { _: 'stickers.renameStickerSet', stickerset: named, title: 'Mine' } as const
    await expect(bob.client.call(rename)).rejects.toThrow('STICKERSET_INVALID')
    const [seen] = documentsOf(setOf(await getSet(bob)))
    const remove = { _: 'stickers.removeStickerFromSet', sticker: inputDocument(seen!) } as const
    await expect(bob.client.call(remove)).rejects.toThrow('STICKER_INVALID')
    await expect(bob.client.call({ ...remove, sticker: inputDocument(first!) })).rejects.toThrow(
      'STICKER_INVALID',
    )
  })

  it('a thumb of its own is downloaded by the set', async () => {
    const thumb = await picture({ width: 100, height: 100, format: 'webp' })
    const document = inputDocument(await uploaded(alice, thumb, 'image/webp'))
    const { set } = setOf(
      await alice.client.call({ _: 'stickers.setStickerSetThumb', stickerset: named, thumb: document }),
    )
    expect(set).toMatchObject({ thumbs: [{ w: 100, h: 100 }], thumbVersion: 1, thumbDocumentId: undefined })
    const location = { _: 'inputStickerSetThumb', stickerset: named, thumbVersion: 1 } as const
    const file = await bob.client.call({ _: 'upload.getFile', location, offset: 0, limit: 1024 * 1024 })
    expect(file._ === 'upload.file' && Buffer.from(file.bytes).equals(thumb)).toBe(true)
  })

  it('sets are installed, archived and taken off', async () => {
    const { client } = bob
    expect(
      (await client.call({ _: 'messages.installStickerSet', stickerset: named, archived: false }))._,
    ).toBe('messages.stickerSetInstallResultSuccess')
    const all = await client.call({ _: 'messages.getAllStickers', hash: Long.ZERO })
    if (all._ !== 'messages.allStickers') throw new Error(all._)
    expect(all.sets).toMatchObject([{ shortName, installedDate: expect.any(Number) }])
    expect((await client.call({ _: 'messages.getAllStickers', hash: all.hash }))._).toBe(
      'messages.allStickersNotModified',
    )
    const byEmoji = await client.call({ _: 'messages.getStickers', emoticon: '🐱', hash: Long.ZERO })
    expect(byEmoji._ === 'messages.stickers' && byEmoji.stickers.length).toBe(2)

    const search = {
      _: 'messages.searchStickers' as const,
      langCode: [],
      offset: 0,
      limit: 10,
      hash: Long.ZERO,
    }
    const found = await client.call({ ...search, q: '', emoticon: '😀' })
    expect(found._ === 'messages.foundStickers' && found.stickers.length).toBe(1)
    await client.call({ _: 'messages.toggleStickerSets', archive: true, stickersets: [named] })
    const archived = await client.call({
      _: 'messages.getArchivedStickers',
      offsetId: Long.ZERO,
      limit: 10,
    })
    expect(archived).toMatchObject({ count: 1, sets: [{ set: { archived: true } }] })
    await client.call({ _: 'messages.uninstallStickerSet', stickerset: named })
    const none = await client.call({ _: 'messages.getAllStickers', hash: Long.ZERO })
    expect(none).toMatchObject({ sets: [] })
  })

  it('sets are found by their names, and their makers have lists of them', async () => {
    const found = await bob.client.call({
      _: 'messages.searchStickerSets',
      q: shortName.slice(0, 8),
      hash: Long.ZERO,
    })
    expect(found).toMatchObject({ sets: [{ set: { shortName } }] })
    const mine = await alice.client.call({ _: 'messages.getMyStickers', offsetId: Long.ZERO, limit: 10 })
    expect(mine).toMatchObject({ count: 1, sets: [{ set: { shortName, creator: true } }] })
  })

  it('stickers are faved and remembered', async () => {
    const { client } = bob
    const [first, second] = documentsOf(setOf(await getSet(bob)))
    for (const each of [first!, second!])
      await client.call({ _: 'messages.faveSticker', id: inputDocument(each), unfave: false })
    const faved = await client.call({ _: 'messages.getFavedStickers', hash: Long.ZERO })
    if (faved._ !== 'messages.favedStickers') throw new Error(faved._)
    expect(faved.stickers.map(({ id }) => id.toString())).toEqual([second!.id, first!.id].map(String))
    expect((await client.call({ _: 'messages.getFavedStickers', hash: faved.hash }))._).toBe(
      'messages.favedStickersNotModified',
    )
    await client.call({ _: 'messages.faveSticker', id: inputDocument(second!), unfave: true })
    const left = await client.call({ _: 'messages.getFavedStickers', hash: Long.ZERO })
    expect(left).toMatchObject({ stickers: [{ mimeType: first!.mimeType }], packs: [{ emoticon: '🐱' }] })

    await client.call({ _: 'messages.saveRecentSticker', id: inputDocument(first!), unsave: false })
    const recent = await client.call({ _: 'messages.getRecentStickers', hash: Long.ZERO })
    expect(recent).toMatchObject({ dates: [expect.any(Number)], stickers: [{ id: first!.id }] })
    await client.call({ _: 'messages.clearRecentStickers' })
    expect(await client.call({ _: 'messages.getRecentStickers', hash: Long.ZERO })).toMatchObject({
      stickers: [],
    })
    const text = await uploaded(bob, Buffer.from('text'), 'text/plain')
    await expect(
      client.call({ _: 'messages.faveSticker', id: inputDocument(text), unfave: false }),
    ).rejects.toThrow('STICKER_ID_INVALID')
  })

  it('custom emoji are found by their ids', async () => {
    const emoji = uploaded(alice, await picture({ width: 100, height: 100, format: 'webp' }), 'image/webp')
    const set = setOf(
      await alice.client.call({
        _: 'stickers.createStickerSet',
        emojis: true,
        userId: { _: 'inputUserSelf' },
        title: 'Emoji',
        shortName: `${shortName}_emoji`,
        stickers: [await item(emoji, '🦊')],
      }),
    )
    const documentId = documentsOf(set).map(({ id }) => id)
    const seen = await bob.client.call({ _: 'messages.getCustomEmojiDocuments', documentId })
    expect(seen).toMatchObject([
      { attributes: expect.arrayContaining([expect.objectContaining({ alt: '🦊' })]) },
    ])
    await bob.client.call({
      _: 'messages.installStickerSet',
      stickerset: { _: 'inputStickerSetShortName', shortName: `${shortName}_emoji` },
      archived: false,
    })
    expect(await bob.client.call({ _: 'messages.getEmojiStickers', hash: Long.ZERO })).toMatchObject({
      sets: [{ emojis: true }],
    })
  })

  it('a set that is deleted is gone', async () => {
    await alice.client.call({ _: 'stickers.deleteStickerSet', stickerset: named })
    await expect(getSet(bob)).rejects.toThrow('STICKERSET_INVALID')
    expect(await bob.client.call({ _: 'stickers.checkShortName', shortName })).toBe(true)
  })

  it('GIFs are kept', async () => {
    const gif = await uploaded(alice, await picture({ width: 64, height: 48, format: 'gif' }), 'image/gif')
    await alice.client.call({ _: 'messages.saveGif', id: inputDocument(gif), unsave: false })
    const saved = await alice.client.call({ _: 'messages.getSavedGifs', hash: Long.ZERO })
    if (saved._ !== 'messages.savedGifs') throw new Error(saved._)
    expect(saved.gifs).toMatchObject([{ id: gif.id }])
    const other = await uploaded(alice, Buffer.from('text'), 'text/plain')
    await expect(
      alice.client.call({ _: 'messages.saveGif', id: inputDocument(other), unsave: false }),
    ).rejects.toThrow('GIF_ID_INVALID')
  })

  it('default reactions have documents that clients can show', async () => {
    const all = await alice.client.call({ _: 'messages.getAvailableReactions', hash: 0 })
    if (all._ !== 'messages.availableReactions') throw new Error(all._)
    expect(all.reactions.length).toBeGreaterThan(10)
    const { staticIcon, selectAnimation } = all.reactions[0]!
    const icon = await download(alice, staticIcon as tl.RawDocument)
    expect(await sharp(icon).metadata()).toMatchObject({ format: 'webp', width: 512, height: 512 })
    const animation = await download(alice, selectAnimation as tl.RawDocument)
    expect(JSON.parse(gunzipSync(animation).toString())).toMatchObject({ w: 512, h: 512, tgs: 1 })
    const again = await bob.client.call({ _: 'messages.getAvailableReactions', hash: all.hash })
    expect(again._).toBe('messages.availableReactionsNotModified')
    const animated = setOf(
      await bob.client.call({
        _: 'messages.getStickerSet',
        stickerset: { _: 'inputStickerSetAnimatedEmoji' },
        hash: 0,
      }),
    )
    expect(animated.documents.length).toBe(all.reactions.length)
    // Clients take a set without an id for none.
    const { id, accessHash } = animated.set
    const stickerset = { _: 'inputStickerSetID', id, accessHash } as const
    expect(await bob.client.call({ _: 'messages.getStickerSet', stickerset, hash: 0 })).toEqual(animated)
  })

  it('wallpapers and themes are uploaded, named and saved', async () => {
    const { client } = alice
    const { inputFile } = await client.uploadFile({
      file: await picture({ width: 400, height: 800 }),
      fileName: 'w.jpg',
    })
    const settings = { _: 'wallPaperSettings', blur: true } as const
    const paper = await client.call({
      _: 'account.uploadWallPaper',
      file: inputFile,
      mimeType: 'image/jpeg',
      settings,
    })
    if (paper._ !== 'wallPaper') throw new Error(paper._)
    const slug = { _: 'inputWallPaperSlug', slug: paper.slug } as const
    expect(await bob.client.call({ _: 'account.getWallPaper', wallpaper: slug })).toMatchObject({
      id: paper.id,
    })
    await bob.client.call({ _: 'account.saveWallPaper', wallpaper: slug, unsave: false, settings })
    const papers = await bob.client.call({ _: 'account.getWallPapers', hash: Long.ZERO })
    expect(papers).toMatchObject({ wallpapers: [{ slug: paper.slug, settings: { blur: true } }] })
    await bob.client.call({ _: 'account.resetWallPapers' })
    expect(await bob.client.call({ _: 'account.getWallPapers', hash: Long.ZERO })).toMatchObject({
      wallpapers: [],
    })

    const file = await client.uploadFile({ file: Buffer.from('theme'), fileName: 'x.tdesktop-theme' })
    const document = await client.call({
      _: 'account.uploadTheme',
      file: file.inputFile,
      fileName: 'x.tdesktop-theme',
      mimeType: 'application/x-tgtheme-tdesktop',
    })
    const theme = await client.call({
      _: 'account.createTheme',
      slug: '',
      title: 'Night',
      document: inputDocument(document),
    })
    const input = { _: 'inputThemeSlug', slug: theme.slug } as const
    const seen = await bob.client.call({ _: 'account.getTheme', format: 'tdesktop', theme: input })
    expect(seen).toMatchObject({ title: 'Night', document: { mimeType: 'application/x-tgtheme-tdesktop' } })
    expect(await download(bob, seen.document as tl.RawDocument)).toEqual(Buffer.from('theme'))
    await client.call({ _: 'account.updateTheme', format: 'tdesktop', theme: input, title: 'Day' })
    const themes = await client.call({ _: 'account.getThemes', format: 'tdesktop', hash: Long.ZERO })
    expect(themes).toMatchObject({ themes: [{ title: 'Day', creator: true }] })
  })

  it('the other sessions of an account hear of its lists', async () => {
    const other = await member(server.endpoints, 'Bob', bob.phone)
    const heard = (name: string) =>
      eventually(name, async () => other.updates.find((update) => update._ === name))
    const gif = await uploaded(bob, await picture({ width: 32, height: 32, format: 'gif' }), 'image/gif')
    await bob.client.call({ _: 'messages.saveGif', id: inputDocument(gif), unsave: false })
    await heard('updateSavedGifs')
    const set = { _: 'inputStickerSetShortName', shortName: `${shortName}_emoji` } as const
    await bob.client.call({ _: 'messages.installStickerSet', stickerset: set, archived: false })
    expect(await heard('updateStickerSets')).toMatchObject({ emojis: true })
    const installed = await bob.client.call({ _: 'messages.getEmojiStickers', hash: Long.ZERO })
    const order = installed._ === 'messages.allStickers' ? installed.sets.map(({ id }) => id) : []
    await bob.client.call({ _: 'messages.reorderStickerSets', emojis: true, order })
    expect(await heard('updateStickerSetsOrder')).toMatchObject({ emojis: true, order })
    await other.client.destroy()
  })
})
