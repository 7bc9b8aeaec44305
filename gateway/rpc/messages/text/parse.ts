import type { UserId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { type Entity, plainEntity } from './entity.ts'
import { isWithin } from './normalise.ts'

/** More than this many in one request are refused before any is looked at. */
const MAX_GIVEN_ENTITIES = 1000
const MAX_URL_LENGTH = 4096
const MAX_ARGUMENT_LENGTH = 4096
const PREFIX = 'messageEntity'

/** Kinds without anything but a place; of these a client may send all. */
const PLAIN = new Set(
  (
    'Mention Hashtag BotCommand Url Email Bold Italic Code Phone Cashtag Underline Strike BankCard Spoiler ' +
    'DiffInsert DiffDelete'
  ).split(' '),
)

/** Who is meant by an `InputUser` of a mention; undefined where the caller does not know that user. */
export type MentionResolver = (input: TlType<'InputUser'>) => UserId | undefined

/**
 * Entities as a client sent them for `text`, checked. Empty ones, unknown kinds and mentions without an access hash are
 * dropped; 400 ENTITY_BOUNDS_INVALID for one outside the text or through the middle of a character, 400
 * ENTITY_MENTION_USER_INVALID, 400 ENTITIES_TOO_LONG.
 */
export function parseEntities(
  text: string,
  given: readonly TlType<'MessageEntity'>[] | undefined,
  mention: MentionResolver,
): Entity[] {
  if (given === undefined || given.length === 0) return []
  if (given.length > MAX_GIVEN_ENTITIES) throw new RpcError(400, 'ENTITIES_TOO_LONG')
  const entities: Entity[] = []
  for (const entity of given) {
    if (!isWithin(text, entity.offset, entity.length)) throw new RpcError(400, 'ENTITY_BOUNDS_INVALID')
    const parsed = entity.length === 0 ? undefined : parseEntity(entity, mention)
    if (parsed !== undefined) entities.push(parsed)
  }
  return entities
}

function parseEntity(entity: TlType<'MessageEntity'>, mention: MentionResolver): Entity | undefined {
  const { offset, length } = entity
  switch (entity._) {
    case 'messageEntityPre':
      return withArgument('Pre', entity, entity.language.slice(0, MAX_ARGUMENT_LENGTH))
    case 'messageEntityTextUrl':
      return parseTextUrl(entity)
    case 'inputMessageEntityMentionName':
      return parseMention(entity, mention)
    case 'messageEntityCustomEmoji':
      return { ...plainEntity('CustomEmoji', offset, length), documentId: entity.documentId }
    case 'messageEntityBlockquote':
      return { ...plainEntity('Blockquote', offset, length), collapsed: entity.collapsed === true }
    case 'messageEntityDiffReplace':
      return withArgument('DiffReplace', entity, entity.oldText.slice(0, MAX_ARGUMENT_LENGTH))
    case 'messageEntityFormattedDate':
      return withArgument('FormattedDate', entity, formatDateArgument(entity))
    default: {
      const kind = entity._.slice(PREFIX.length)
      return PLAIN.has(kind) ? plainEntity(kind, offset, length) : undefined
    }
  }
}

function withArgument(kind: string, place: { offset: number; length: number }, argument: string): Entity {
  return { ...plainEntity(kind, place.offset, place.length), argument }
}

/** An address without a scheme is taken as a web address; one that cannot be an address is no link. */
function parseTextUrl(entity: Tl<'messageEntityTextUrl'>): Entity | undefined {
  const url = entity.url.trim()
  if (url.length === 0 || url.length > MAX_URL_LENGTH) return undefined
  const complete = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `http://${url}`
  if (!URL.canParse(complete)) return undefined
  const bare = /^(?:https?|ftp):\/\/[^/?#]+$/i.test(complete)
  return withArgument('TextUrl', entity, bare ? `${complete}/` : complete)
}

function parseMention(entity: Tl<'inputMessageEntityMentionName'>, mention: MentionResolver): Entity {
  const userId = mention(entity.userId)
  if (userId === undefined) throw new RpcError(400, 'ENTITY_MENTION_USER_INVALID')
  return { ...plainEntity('MentionName', entity.offset, entity.length), userId }
}

export const DATE_FLAGS = ['relative', 'shortTime', 'longTime', 'shortDate', 'longDate', 'dayOfWeek'] as const

/** Unix seconds, then the flags that are set, all separated by spaces. */
function formatDateArgument(entity: Tl<'messageEntityFormattedDate'>): string {
  return [entity.date, ...DATE_FLAGS.filter((flag) => entity[flag] === true)].join(' ')
}
