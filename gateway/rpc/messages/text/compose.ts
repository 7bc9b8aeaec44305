import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../../handler.ts'
import { inputUserId } from '../../peers.ts'
import { detectEntities } from './detect.ts'
import { type FormattedText, isInvisible, mergeDetected, normaliseText } from './normalise.ts'
import { type MentionResolver, parseEntities } from './parse.ts'

/** UTF-16 code units. */
export const MAX_TEXT_LENGTH = 4096
export const MAX_CAPTION_LENGTH = 1024
/** Longer input is refused before any work on it. */
const MAX_RAW_LENGTH = 4 * MAX_TEXT_LENGTH
/** Texts above this length are not asked whether they are invisible. */
const MAX_INVISIBLE_CHECK = 256

/** Users that the caller may mention: those whose access hash it has. */
export function mentionResolver(context: CallContext): MentionResolver {
  return (input) => {
    try {
      return inputUserId(input, context)
    } catch (error) {
      if (error instanceof RpcError) return undefined
      throw error
    }
  }
}

/**
 * A text as it is stored and shown: normalised, with the client's entities and those that the server finds itself.
 * Rejects with the errors of `parseEntities` and 400 MESSAGE_TOO_LONG, MEDIA_CAPTION_TOO_LONG; an empty text is for the caller to judge.
 */
export function composeText(
  text: string,
  given: readonly TlType<'MessageEntity'>[] | undefined,
  mention: MentionResolver,
  maxLength = MAX_TEXT_LENGTH,
): FormattedText {
  if (text.length > MAX_RAW_LENGTH) throw new RpcError(400, 'MESSAGE_TOO_LONG')
  const { text: clean, entities } = normaliseText(text, parseEntities(text, given, mention))
  if (clean.length > maxLength)
    throw new RpcError(400, maxLength === MAX_CAPTION_LENGTH ? 'MEDIA_CAPTION_TOO_LONG' : 'MESSAGE_TOO_LONG')
  if (clean.length <= MAX_INVISIBLE_CHECK && isInvisible(clean)) return { text: '', entities: [] }
  return { text: clean, entities: mergeDetected(entities, detectEntities(clean)) }
}
