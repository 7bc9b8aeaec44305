import type { TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../../handler.ts'
import { inputPoll } from '../../polls/input.ts'
import { todoMedia } from '../../todo/list.ts'
import { mediaOf } from '../send/media.ts'
import { knownContact } from './contact.ts'
import { fileMedia, isFileInput } from './file-media.ts'

/** What a client gives as media, as a message holds it; undefined for a link preview, which is text only. */
export function sentMedia(
  context: CallContext,
  input: TlType<'InputMedia'>,
  index?: number,
): Promise<TlType<'MessageMedia'>> | TlType<'MessageMedia'> | undefined {
  if (isFileInput(input)) return fileMedia(context, input, index)
  if (input._ === 'inputMediaPoll') return inputPoll(context, input)
  if (input._ === 'inputMediaTodo') return todoMedia(context, input)
  const media = mediaOf(input, context.services.random)
  return media?._ === 'messageMediaContact' ? knownContact(context, media) : media
}
