import type { MessageContent } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'

type Entity = MessageContent['entities'][number]

/** A stored entity as TL value of the newest layer. */
export function renderEntity(entity: Entity): TlType<'MessageEntity'> {
  const { offset, length } = entity
  switch (entity.kind) {
    case 'Pre':
      return { _: 'messageEntityPre', offset, length, language: entity.argument ?? '' }
    case 'TextUrl':
      return { _: 'messageEntityTextUrl', offset, length, url: entity.argument ?? '' }
    case 'MentionName':
      return { _: 'messageEntityMentionName', offset, length, userId: entity.userId ?? 0 }
    case 'CustomEmoji':
      return { _: 'messageEntityCustomEmoji', offset, length, documentId: entity.documentId ?? 0n }
    case 'Blockquote':
      return entity.collapsed
        ? { _: 'messageEntityBlockquote', offset, length, collapsed: true }
        : { _: 'messageEntityBlockquote', offset, length }
    case 'DiffReplace':
      return { _: 'messageEntityDiffReplace', offset, length, oldText: entity.argument ?? '' }
    case 'FormattedDate':
      return renderFormattedDate(entity)
    default:
      return { _: `messageEntity${entity.kind}`, offset, length } as TlType<'MessageEntity'>
  }
}

export function renderEntities(entities: readonly Entity[]): TlType<'MessageEntity'>[] {
  return entities.map(renderEntity)
}

function renderFormattedDate(entity: Entity): TlType<'MessageEntity'> {
  const [date = '0', ...flags] = (entity.argument ?? '').split(' ')
  const set = Object.fromEntries(flags.filter((flag) => flag !== '').map((flag) => [flag, true]))
  return {
    _: 'messageEntityFormattedDate',
    offset: entity.offset,
    length: entity.length,
    date: Number(date),
    ...set,
  }
}
