import { createHash } from 'node:crypto'
import { SERVICE_USER_ID } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { idsHash } from '../hash.ts'
import { findFile } from '../upload/documents.ts'
import { drawnMoving, drawnStill } from './draw.ts'
import { shownDocuments } from './files.ts'
import { GLYPHS, type Glyph } from './glyphs.ts'
import { packsOf } from './packs.ts'
import { keepDocument } from './sticker-document.ts'

/** Another drawing has to have another version: documents never change. */
const VERSION = 1
const HOLDER = 'built-in'
const HASH_BITS = 31
const DICE = new Set(['🎲', '🎯', '🏀', '⚽', '🎳', '🎰'])

interface BuiltIn {
  readonly glyph: Glyph
  readonly still: bigint
  readonly moving: bigint
}

/** The same in every deployment and on every gateway: whoever comes first keeps the document. */
function builtInId(kind: string, emoji: string): bigint {
  const hash = createHash('sha256').update(`built-in|${VERSION}|${kind}|${emoji}`).digest()
  return hash.readBigUInt64LE() & 0x7fff_ffff_ffff_ffffn
}

const BUILT_IN: readonly BuiltIn[] = GLYPHS.map((glyph) => {
  return { glyph, still: builtInId('still', glyph.emoji), moving: builtInId('moving', glyph.emoji) }
})
const MOVING_IDS = BUILT_IN.map(({ moving }) => moving)
const HASH = Number(
  BigInt.asUintN(HASH_BITS, idsHash(BUILT_IN.flatMap(({ still, moving }) => [still, moving]))),
)

const kept = new WeakMap<CallContext['services']['blobs'], Promise<unknown>>()

/** Draws and keeps the documents of the default reactions where nobody has yet. */
function keptGlyphs(context: CallContext): Promise<unknown> {
  const { blobs } = context.services
  let keeping = kept.get(blobs)
  if (keeping === undefined) {
    keeping = Promise.all(BUILT_IN.map((each) => keepGlyph(context, each)))
    kept.set(blobs, keeping)
    // Whoever asks next tries again.
    keeping.catch(() => kept.delete(blobs))
  }
  return keeping
}

async function keepGlyph(context: CallContext, { glyph, still, moving }: BuiltIn): Promise<void> {
  await keepDrawing(context, glyph, still, drawnStill)
  await keepDrawing(context, glyph, moving, drawnMoving)
}

async function keepDrawing(
  context: CallContext,
  glyph: Glyph,
  documentId: bigint,
  draw: typeof drawnStill,
): Promise<void> {
  const { services, caller } = context
  if ((await findFile(services, documentId)) !== undefined) return
  const alt = glyph.emoji
  const attribute = { _: 'documentAttributeSticker', alt, stickerset: { _: 'inputStickerSetEmpty' } } as const
  await keepDocument({ ...context, user: SERVICE_USER_ID }, await draw(glyph), [attribute], documentId)
  const hold = { type: 'HoldDocument', documentId, holder: HOLDER } as const
  await services.commands.ask('media.commands', `document:${documentId}`, hold, caller)
}

/** The default reactions, with documents that clients can show. */
export const getAvailableReactions: Handler<'messages.getAvailableReactions'> = async (call, context) => {
  if (call.hash === HASH) return { _: 'messages.availableReactionsNotModified' }
  await keptGlyphs(context)
  const ids = BUILT_IN.flatMap(({ still, moving }) => [still, moving])
  const shown = await shownDocuments(context.services, context.user, ids)
  const documents = new Map(shown.map((document) => [document.id, document]))
  const reactions = BUILT_IN.flatMap((each) => {
    const still = documents.get(each.still)
    const moving = documents.get(each.moving)
    return still === undefined || moving === undefined ? [] : [reaction(each.glyph, still, moving)]
  })
  return { _: 'messages.availableReactions', hash: HASH, reactions }
}

function reaction(
  { emoji, title }: Glyph,
  staticIcon: Tl<'document'>,
  moving: Tl<'document'>,
): TlType<'AvailableReaction'> {
  return {
    _: 'availableReaction',
    reaction: emoji,
    title,
    staticIcon,
    appearAnimation: moving,
    selectAnimation: moving,
    activateAnimation: moving,
    effectAnimation: moving,
    aroundAnimation: moving,
    centerIcon: moving,
  }
}

/** Sets that clients ask for by their purpose, which they may then name by their ids as any other. */
const PURPOSES: readonly TlType<'InputStickerSet'>[] = [
  { _: 'inputStickerSetAnimatedEmoji' },
  { _: 'inputStickerSetAnimatedEmojiAnimations' },
  { _: 'inputStickerSetPremiumGifts' },
  { _: 'inputStickerSetEmojiGenericAnimations' },
  { _: 'inputStickerSetEmojiDefaultStatuses' },
  { _: 'inputStickerSetEmojiDefaultTopicIcons' },
  { _: 'inputStickerSetEmojiChannelDefaultStatuses' },
  { _: 'inputStickerSetTonGifts' },
  ...[...DICE].map((emoticon) => ({ _: 'inputStickerSetDice', emoticon }) as const),
]

const nameOf = (input: TlType<'InputStickerSet'>): string =>
  input._.slice('inputStickerSet'.length) + (input._ === 'inputStickerSetDice' ? input.emoticon : '')

/** Clients take a set whose id is 0 for none. */
const setIdOf = (input: TlType<'InputStickerSet'>): bigint => builtInId('set', nameOf(input))
const purposeOfId = new Map(PURPOSES.map((input) => [setIdOf(input), input]))

/** The purpose of a built-in set that is named by its id; undefined for the ids of others. */
export const builtInPurpose = (input: TlType<'InputStickerSet'>): TlType<'InputStickerSet'> | undefined =>
  input._ === 'inputStickerSetID' ? purposeOfId.get(input.id) : undefined

/**
 * Sets that clients ask for by their purpose exist: that of animated emoji has the drawings of the reactions, the others are empty.
 * 400 EMOTICON_STICKERPACK_MISSING for dice that do not exist.
 */
export async function builtInSet(
  context: CallContext,
  input: TlType<'InputStickerSet'>,
  hash: number,
): Promise<Tl<'messages.stickerSet'> | Tl<'messages.stickerSetNotModified'>> {
  if (input._ === 'inputStickerSetDice' && !DICE.has(input.emoticon))
    throw new RpcError(400, 'EMOTICON_STICKERPACK_MISSING')
  if (input._ !== 'inputStickerSetAnimatedEmoji') return namedSet(input, 0, [], [])
  if (hash === HASH) return { _: 'messages.stickerSetNotModified' }
  await keptGlyphs(context)
  const documents = await shownDocuments(context.services, context.user, MOVING_IDS)
  const packs = packsOf(new Map(BUILT_IN.map(({ moving, glyph }) => [moving, [glyph.emoji]])))
  return namedSet(input, HASH, packs, documents)
}

function namedSet(
  input: TlType<'InputStickerSet'>,
  hash: number,
  packs: TlType<'StickerPack'>[],
  documents: Tl<'document'>[],
): Tl<'messages.stickerSet'> {
  const [name, id] = [nameOf(input), setIdOf(input)]
  const named = { title: name, shortName: name, count: documents.length, hash }
  const set: Tl<'stickerSet'> = { _: 'stickerSet', official: true, id, accessHash: id, ...named }
  return { _: 'messages.stickerSet', set, packs, keywords: [], documents }
}
