import type { MessageExtra, MessageSeq, PeerId, UserId } from '@heliograph/schemas/avro'
import { decodeObject, type TlType } from '@heliograph/schemas/tl'
import { pollFacts } from '../polls/facts.ts'
import { filesOfMedia } from '../upload/stamp.ts'
import type { Content } from './content.ts'
import { kindsOf } from './kinds.ts'

/** What the sender says of a message beside its content. */
export interface Told {
  readonly mentions?: readonly UserId[]
  readonly threadSeq?: MessageSeq | null
  readonly postAs?: PeerId | null
  readonly noForwards?: boolean
  /** The post of a channel that it is a forward of. */
  readonly copyOf?: MessageExtra['copyOf']
}

const TOLD_NOTHING: Told = {}

/** What the message actor must know of a content without opening it; null for plain text of which nothing is told. */
export function extraOf(content: Content, told: Told = TOLD_NOTHING): MessageExtra | null {
  const kinds = kindsOf(content)
  const { media, groupedId } = content
  const decoded = media === null ? undefined : (decodeObject(media) as TlType<'MessageMedia'>)
  const files = decoded === undefined ? proposedPhoto(content) : filesOfMedia(decoded)
  const { mentions = [], threadSeq = null, postAs = null, noForwards = false, copyOf = null } = told
  const isPlain = kinds.length === 0 && files.length === 0 && groupedId === null && copyOf === null
  if (isPlain && mentions.length === 0 && threadSeq === null && postAs === null && !noForwards) return null
  return {
    mentions: [...mentions],
    kinds: [...kinds],
    files,
    poll: decoded === undefined ? null : pollFacts(decoded),
    threadSeq,
    postAs,
    groupedId,
    copyOf,
    service: false,
    noForwards,
  }
}

/** A picture that is proposed to somebody is had by the message alone. */
function proposedPhoto({ action }: Content): bigint[] {
  const decoded = action === null ? undefined : (decodeObject(action) as TlType<'MessageAction'>)
  return decoded?._ === 'messageActionSuggestProfilePhoto' ? [decoded.photo.id] : []
}
