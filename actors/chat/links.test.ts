import { ADMIN_RIGHTS, type UserId } from '@heliograph/schemas/avro'
import { chatInvites, inviteHashes, permanentInvites } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { specification } from '../runtime/specification.ts'
import {
  add,
  admin,
  after,
  alice,
  bob,
  carol,
  create,
  join,
  link,
  putInvite,
  Story,
  supergroup,
} from './samples.ts'

const spec = specification(messageDecider)
const chat = [
  create('supergroup'),
  add(supergroup, alice, bob, carol),
  admin(supergroup, alice, bob, ADMIN_RIGHTS.inviteUsers),
]
const put = (adminId: UserId, hash: string, more = {}, by = adminId) =>
  putInvite(supergroup, link(adminId, hash, more), by)
const place = { chatId: supergroup, adminId: bob }

describe('PutInvite', () => {
  it('makes a link that counts from nothing, found by owner and by hash', () => {
    const { rows } = new Story().tell(...chat, put(bob, 'h', { usage: 9, requested: 9 }))
    const row = { adminId: bob, usage: 0, requested: 0, revoked: false }
    expect(rows.get(chatInvites, { ...place, hash: 'h' })).toMatchObject(row)
    expect(rows.get(inviteHashes, { hash: 'h', chatId: supergroup })).toMatchObject(row)
    expect(rows.get(permanentInvites, place)).toBeUndefined()
  })

  it('changes one, but not what it counts', () => {
    const story = [...chat, put(bob, 'h'), join(supergroup, 77 as UserId, 'h')]
    const { rows } = new Story().tell(...story, put(bob, 'h', { usageLimit: 5, usage: 0, date: 1 }))
    expect(rows.get(chatInvites, { ...place, hash: 'h' })).toMatchObject({ usageLimit: 5, usage: 1 })
    expect(rows.get(chatInvites, { ...place, hash: 'h' })?.date).not.toBe(1)
  })

  it('replaces the permanent link of the administrator', () => {
    const first = [...chat, put(bob, 'one', { permanent: true })]
    expect(new Story().tell(...first).rows.get(permanentInvites, place)).toMatchObject({ hash: 'one' })
    const { rows, events } = new Story().tell(...first, put(bob, 'two', { permanent: true }))
    expect(events.at(-1)).toMatchObject({ replaced: { hash: 'one', revoked: true }, answers: true })
    expect(rows.get(permanentInvites, place)).toMatchObject({ hash: 'two' })
    expect(rows.get(inviteHashes, { hash: 'one', chatId: supergroup })).toMatchObject({ revoked: true })
    spec
      .given(...after(...first))
      .when(put(bob, 'one', { permanent: true, usageLimit: 1 }))
      .rejected(400, 'CHAT_INVITE_PERMANENT')
    const revoked = new Story().tell(...first, put(bob, 'one', { revoked: true }))
    expect(revoked.rows.get(permanentInvites, place)).toBeUndefined()
  })

  it('is answered again where it stands twice: the first answer may be lost', () => {
    const made = put(bob, 'one', { permanent: true })
    spec
      .given(...after(...chat, made))
      .when(made)
      .gives()
    const title = Buffer.from('sealed')
    const named = put(bob, 'two', { permanent: true, title })
    spec
      .given(...after(...chat, named))
      .when(put(bob, 'two', { permanent: true, title }))
      .gives()
    spec
      .given(...after(...chat, named))
      .when(put(bob, 'two', { permanent: true }))
      .rejected(400, 'CHAT_INVITE_PERMANENT')
    const revoked = put(bob, 'one', { permanent: true, revoked: true })
    spec
      .given(...after(...chat, made, revoked))
      .when(revoked)
      .gives()
  })

  it('is for administrators who may invite, and links of others for the creator', () => {
    const given = spec.given(...after(...chat, put(alice, 'a'), put(bob, 'b')))
    given.when(put(carol, 'c')).rejected(400, 'CHAT_ADMIN_REQUIRED')
    given.when(put(alice, 'a', { revoked: true }, bob)).rejected(400, 'CHAT_ADMIN_REQUIRED')
    given.when(put(bob, 'new', {}, alice)).rejected(400, 'INVITE_HASH_EXPIRED')
    const revoked = [...chat, put(bob, 'b'), put(bob, 'b', { revoked: true }, alice)]
    expect(after(...revoked).at(-1)).toMatchObject({ byUserId: alice, invite: { revoked: true } })
    spec
      .given(...after(...revoked))
      .when(put(bob, 'b'))
      .rejected(400, 'INVITE_HASH_EXPIRED')
  })
})

describe('DeleteInvites', () => {
  const remove = (byUserId: UserId, adminId: UserId, ...hashes: string[]) =>
    ({ type: 'DeleteInvites', chatId: supergroup, byUserId, adminId, hashes }) as const
  const links = [...chat, put(bob, 'live'), put(bob, 'dead'), put(bob, 'dead', { revoked: true })]

  it('removes revoked links', () => {
    const { rows, events } = new Story().tell(...links, remove(bob, bob, 'live', 'dead', 'unknown'))
    expect(events.at(-1)).toMatchObject({ hashes: ['dead'] })
    expect(rows.get(chatInvites, { ...place, hash: 'dead' })).toBeUndefined()
    expect(rows.get(inviteHashes, { hash: 'dead', chatId: supergroup })).toBeUndefined()
    expect(rows.get(chatInvites, { ...place, hash: 'live' })).toBeDefined()
  })

  it('is rejected where there is none', () => {
    const given = spec.given(...after(...links))
    given.when(remove(bob, bob, 'unknown')).rejected(400, 'INVITE_HASH_EXPIRED')
    given.when(remove(alice, bob, 'live')).rejected(400, 'INVITE_REVOKED_MISSING')
    given.when(remove(bob, alice, 'x')).rejected(400, 'CHAT_ADMIN_REQUIRED')
    given.when(remove(carol, carol, 'x')).rejected(400, 'CHAT_ADMIN_REQUIRED')
    given.when(remove(bob, bob)).gives()
  })
})
