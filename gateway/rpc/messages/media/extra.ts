import type { MessageExtra } from '@heliograph/schemas/avro'
import { decodeObject, type TlType } from '@heliograph/schemas/tl'
import { filesOfMedia } from '../../upload/stamp.ts'
import type { Content } from '../content.ts'

/** What the message actor must know of a message's media: the documents that it keeps, and its album. Null for none. */
export function mediaExtra({ media, groupedId }: Pick<Content, 'media' | 'groupedId'>): MessageExtra | null {
  const files = media === null ? [] : filesOfMedia(decodeObject(media) as TlType<'MessageMedia'>)
  if (files.length === 0 && groupedId === null) return null
  return {
    mentions: [],
    kinds: [],
    files,
    poll: null,
    threadSeq: null,
    postAs: null,
    groupedId,
    copyOf: null,
    service: false,
    noForwards: false,
  }
}
