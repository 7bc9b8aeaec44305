import type { UserId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import { renderEntities } from '../../render/message-entity.ts'
import { parseEntities } from './parse.ts'

const known = 7 as UserId
const mention = (input: TlType<'InputUser'>) =>
  input._ === 'inputUser' && input.userId === known ? known : undefined
const TEXT = 'a text of some length'
const parse = (...given: TlType<'MessageEntity'>[]) => parseEntities(TEXT, given, mention)

describe('parseEntities', () => {
  it('gives back what a client sent, rendered', () => {
    const given: TlType<'MessageEntity'>[] = [
      { _: 'messageEntityBold', offset: 0, length: 2 },
      { _: 'messageEntityPre', offset: 0, length: 3, language: 'ts' },
      { _: 'messageEntityTextUrl', offset: 1, length: 2, url: 'https://example.com/a' },
      { _: 'messageEntityCustomEmoji', offset: 2, length: 2, documentId: 5n },
      { _: 'messageEntityBlockquote', offset: 2, length: 2, collapsed: true },
      { _: 'messageEntityFormattedDate', offset: 3, length: 2, date: 1700000000, longDate: true },
      { _: 'messageEntitySpoiler', offset: 3, length: 2 },
    ]
    expect(renderEntities(parse(...given))).toEqual(given)
  })

  it('resolves mentions by access hash and refuses others', () => {
    const input = (userId: number): TlType<'MessageEntity'> => ({
      _: 'inputMessageEntityMentionName',
      offset: 0,
      length: 1,
      userId: { _: 'inputUser', userId, accessHash: 1n },
    })
    expect(renderEntities(parse(input(known)))).toEqual([
      { _: 'messageEntityMentionName', offset: 0, length: 1, userId: known },
    ])
    expect(() => parse(input(8))).toThrow('ENTITY_MENTION_USER_INVALID')
    expect(parse({ _: 'messageEntityMentionName', offset: 0, length: 1, userId: 8 })).toEqual([])
  })

  it('completes addresses and drops what is none', () => {
    const url = (text: string) => parse({ _: 'messageEntityTextUrl', offset: 0, length: 1, url: text })
    expect(url('example.com')[0]?.argument).toBe('http://example.com/')
    expect(url('https://')).toEqual([])
    expect(url(' ')).toEqual([])
  })

  it('refuses bounds outside the text', () => {
    expect(() => parse({ _: 'messageEntityBold', offset: 20, length: 5 })).toThrow('ENTITY_BOUNDS_INVALID')
    expect(() => parse({ _: 'messageEntityBold', offset: -1, length: 5 })).toThrow('ENTITY_BOUNDS_INVALID')
    expect(parse({ _: 'messageEntityBold', offset: 3, length: 0 })).toEqual([])
  })
})
