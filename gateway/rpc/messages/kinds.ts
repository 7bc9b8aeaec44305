import { decodeObject, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { Content } from './content.ts'

/** What a message can be, beside text: what rights to send and filters of searches go by. */
export type MessageKind =
  | 'photo'
  | 'video'
  | 'roundVideo'
  | 'gif'
  | 'sticker'
  | 'voice'
  | 'music'
  | 'document'
  | 'url'
  | 'webPage'
  | 'geo'
  | 'liveGeo'
  | 'contact'
  | 'poll'
  | 'pollOpen'
  | 'todo'
  | 'todoComplete'
  | 'todoAppend'
  | 'dice'
  | 'game'
  | 'invoice'
  | 'story'
  | 'viaBot'

const NOTHING: readonly MessageKind[] = []

/** All that a message is; nothing for plain text without links. */
export function kindsOf(content: Content): readonly MessageKind[] {
  const media = content.media === null ? undefined : mediaKind(decodeObject(content.media) as MediaValue)
  const url = hasLink(content)
  if (media === undefined && !url && content.viaBotId === null) return NOTHING
  const kinds: MessageKind[] = media === undefined ? [] : [media]
  if (media === 'todo' || media === 'poll') kinds.push(...openKinds(content.media!))
  if (url) kinds.push('url')
  if (content.viaBotId !== null) kinds.push('viaBot')
  return kinds
}

type MediaValue = TlType<'MessageMedia'>

/** What others than its author may do with a list of tasks or a poll. */
function openKinds(media: Buffer): MessageKind[] {
  const value = decodeObject(media) as MediaValue
  if (value._ === 'messageMediaPoll') return value.poll.openAnswers === true ? ['pollOpen'] : []
  if (value._ !== 'messageMediaToDo') return []
  const kinds: MessageKind[] = []
  if (value.todo.othersCanComplete === true) kinds.push('todoComplete')
  if (value.todo.othersCanAppend === true) kinds.push('todoAppend')
  return kinds
}

function hasLink({ entities }: Content): boolean {
  for (const { kind } of entities) if (kind === 'Url' || kind === 'TextUrl') return true
  return false
}

/** Undefined for media that nobody asks for. */
export function mediaKind(media: MediaValue): MessageKind | undefined {
  if (media._ === 'messageMediaDocument') return documentKind(media)
  return MEDIA_KINDS[media._]
}

const MEDIA_KINDS: { readonly [M in MediaValue['_']]?: MessageKind } = {
  messageMediaPhoto: 'photo',
  messageMediaGeo: 'geo',
  messageMediaVenue: 'geo',
  messageMediaGeoLive: 'liveGeo',
  messageMediaContact: 'contact',
  messageMediaPoll: 'poll',
  messageMediaToDo: 'todo',
  messageMediaDice: 'dice',
  messageMediaGame: 'game',
  messageMediaInvoice: 'invoice',
  messageMediaStory: 'story',
  messageMediaWebPage: 'webPage',
}

function documentKind({ document }: Tl<'messageMediaDocument'>): MessageKind {
  if (document?._ !== 'document') return 'document'
  let kind: MessageKind = 'document'
  for (const attribute of document.attributes) {
    switch (attribute._) {
      case 'documentAttributeSticker':
      case 'documentAttributeCustomEmoji':
        return 'sticker'
      case 'documentAttributeAnimated':
        return 'gif'
      case 'documentAttributeVideo':
        kind = attribute.roundMessage === true ? 'roundVideo' : 'video'
        break
      case 'documentAttributeAudio':
        kind = attribute.voice === true ? 'voice' : 'music'
    }
  }
  return kind
}
