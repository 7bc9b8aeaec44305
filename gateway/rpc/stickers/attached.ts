import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { findFile } from '../upload/documents.ts'
import { checkNamedFile } from '../upload/stamp.ts'
import { entryOfId } from './catalog.ts'
import { givenDocument, stickerAttribute } from './files.ts'
import { coveredSet, installedSets } from './sticker-set.ts'

/** Stickers that were laid on a photo or video before it was sent: their sets are kept with it. */

/** Stickers that a client may say it has laid on one file; of more the first. */
const MAX_ATTACHED = 100

/** The sets of these stickers, each once; 400 MEDIA_INVALID, FILE_REFERENCE_* for what is no sticker that the caller has seen. */
export async function attachedSets(
  context: CallContext,
  stickers: readonly TlType<'InputDocument'>[] = [],
): Promise<bigint[]> {
  const sets = new Set<bigint>()
  for (const input of stickers.slice(0, MAX_ATTACHED)) {
    const { document } = await givenDocument(context, input, 'MEDIA_INVALID')
    const set = stickerAttribute(document)?.stickerset
    if (set?._ === 'inputStickerSetID') sets.add(set.id)
  }
  return [...sets]
}

/**
 * `messages.getAttachedStickers`: the sets of the stickers on a photo or video, those that there still are.
 * @throws RpcError 400 MEDIA_EMPTY, FILE_REFERENCE_*
 */
export const getAttachedStickers: Handler<'messages.getAttachedStickers'> = async ({ media }, context) => {
  const { services, user } = context
  const input = media.id
  if (input._ !== 'inputPhoto' && input._ !== 'inputDocument') throw new RpcError(400, 'MEDIA_EMPTY')
  checkNamedFile(services, user, input, 'MEDIA_EMPTY')
  const file = await findFile(services, input.id)
  if (file === undefined) throw new RpcError(400, 'MEDIA_EMPTY')
  const entries = await Promise.all(file.stickerSets.map((id) => entryOfId(services, 'stickers', id)))
  const installed = await installedSets(context)
  return Promise.all(
    entries
      .filter((entry) => entry !== undefined)
      .map((entry) => coveredSet(context, entry, installed.get(entry.entryId))),
  )
}
