import type { TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import { attributeOf } from './files.ts'
import { MAX_GIFS, MAX_RECENT } from './limits.ts'
import { saveDocument } from './lists.ts'

/**
 * What was sent is first among its sender's recent stickers, or saved GIFs, from then on: clients do so on their own screens and take it for
 * granted that the server does.
 */
export async function rememberUsed(context: CallContext, media: TlType<'MessageMedia'>): Promise<void> {
  if (media._ !== 'messageMediaDocument' || media.document?._ !== 'document') return
  const { document } = media
  if (attributeOf(document, 'documentAttributeSticker') !== undefined)
    await saveDocument(context, 'recent', document.id, false, MAX_RECENT)
  else if (attributeOf(document, 'documentAttributeAnimated') !== undefined)
    await saveDocument(context, 'gifs', document.id, false, MAX_GIFS)
}
