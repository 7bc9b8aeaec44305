import type { TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import { attributeOf } from './files.ts'
import { MAX_GIFS, MAX_RECENT } from './limits.ts'
import { saveDocument } from './lists.ts'

/**
 * What was sent is first among its sender's recent stickers, or saved GIFs, from then on: clients do so on their own screens and take it for
 * granted that the server does.
 */
export function rememberUsed(
  context: CallContext,
  media: TlType<'MessageMedia'> | undefined,
): Promise<void> | undefined {
  if (media?._ !== 'messageMediaDocument' || media.document?._ !== 'document') return undefined
  const { document } = media
  if (attributeOf(document, 'documentAttributeSticker') !== undefined)
    return saveDocument(context, 'recent', document.id, false, MAX_RECENT)
  if (attributeOf(document, 'documentAttributeAnimated') !== undefined)
    return saveDocument(context, 'gifs', document.id, false, MAX_GIFS)
  return undefined
}
