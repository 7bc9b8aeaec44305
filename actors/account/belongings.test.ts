import {
  type AccountEvent,
  type ContactsDeleted,
  type ContactsPut,
  MAX_CONTACTS_PER_COMMAND,
  type PeerId,
  type UserId,
} from '@heliograph/schemas/avro'
import { describe, expect, it } from 'vitest'
import { answer } from '../answer.ts'
import { caller, RowMap, someAt, specification, uncalledHeader } from '../runtime/specification.ts'
import { accountDecider } from './index.ts'

const userId = 1_000_000_001 as UserId
const peerId = 1_000_000_002 as PeerId
const spec = specification(accountDecider)
const date = someAt.date
const sealed = Buffer.from('sealed')

/** The yes to the caller, and what the user's other sessions are told. */
function yesAnd(kind: string, about: { peerId?: number; name?: string } = {}) {
  const record = {
    type: 'AccountUpdate',
    userId,
    kind,
    peerId: 0,
    name: '',
    origin: caller.session,
    ...about,
  }
  return [answer(caller), { kind: 'publication', channel: `user:${userId}`, record }]
}
const rowsAfter = (...events: AccountEvent[]) =>
  new RowMap().apply(events.flatMap((event) => accountDecider.project(event))).entries()

describe('contacts', () => {
  const entry = (id: number) => ({ contactId: id as UserId, sealed })
  const put = (...ids: number[]) => ({ type: 'PutContacts', userId, contacts: ids.map(entry) }) as const
  const del = (...ids: number[]) => ({ type: 'DeleteContacts', userId, contactIds: ids as UserId[] }) as const
  const wasPut = (...ids: number[]): ContactsPut => ({
    type: 'ContactsPut',
    userId,
    contacts: ids.map(entry),
    date,
  })
  const wasDeleted = (...ids: number[]): ContactsDeleted => ({
    type: 'ContactsDeleted',
    userId,
    contactIds: ids as UserId[],
  })
  const tooMany = Array.from({ length: MAX_CONTACTS_PER_COMMAND + 1 }, (_, index) => index + 1)

  it('are put, one or several', () => {
    expect(spec.given().when(put(7)).gives(wasPut(7))).toEqual(yesAnd('contacts', { peerId: 7 }))
    expect(spec.given().when(put(7, 8)).gives(wasPut(7, 8))).toEqual(yesAnd('contacts'))
    expect(rowsAfter(wasPut(7))).toEqual([[`contacts(${userId},7)`, { userId, contactId: 7, sealed, date }]])
    spec.given().when(put()).gives()
    spec
      .given()
      .when(put(...tooMany))
      .rejected(400, 'LIMIT_INVALID')
    spec
      .given()
      .when(put(...tooMany.slice(1)))
      .gives(wasPut(...tooMany.slice(1)))
  })

  it('are deleted where they are there', () => {
    const reactions = spec
      .given(wasPut(7, 8))
      .when(del(8, 9, 8))
      .gives(wasDeleted(8))
    expect(reactions).toEqual(yesAnd('contacts', { peerId: 8 }))
    expect(rowsAfter(wasPut(7, 8), wasDeleted(8)).map(([id]) => id)).toEqual([`contacts(${userId},7)`])
    spec.given(wasPut(7)).when(del(9)).gives()
    spec
      .given()
      .when(del(...tooMany))
      .rejected(400, 'LIMIT_INVALID')
  })
})

describe('blocked peers', () => {
  const set = (blocked: boolean) => ({ type: 'SetBlocked', userId, peerId, blocked }) as const
  const wasSet = (blocked: boolean) => ({ type: 'BlockedSet', userId, peerId, blocked, date }) as const

  it('are blocked and unblocked', () => {
    expect(spec.given().when(set(true)).gives(wasSet(true))).toEqual(yesAnd('blocked', { peerId }))
    spec.given(wasSet(true)).when(set(true)).gives()
    spec.given(wasSet(true)).when(set(false)).gives(wasSet(false))
    spec.given().when(set(false)).gives()
    expect(rowsAfter(wasSet(true))).toEqual([[`blocked(${userId},${peerId})`, { userId, peerId, date }]])
    expect(rowsAfter(wasSet(true), wasSet(false))).toEqual([])
  })

  it('are others', () => {
    const oneself = { ...set(true), peerId: userId as number as PeerId }
    spec.given().when(oneself).rejected(400, 'PEER_ID_INVALID')
  })
})

describe('drafts', () => {
  const save = { type: 'SaveDraft', userId, peerId, sealed, replyToMsgId: 4 } as const
  const wasSaved = { type: 'DraftSaved', userId, peerId, sealed, replyToMsgId: 4, date } as const
  const none = { sealed: null, replyToMsgId: null }

  it('are saved where they are new', () => {
    expect(spec.given().when(save).gives(wasSaved)).toEqual(yesAnd('draft', { peerId }))
    spec.given(wasSaved).when(save, { date: 9 }).gives()
    const other = { replyToMsgId: null }
    spec
      .given(wasSaved)
      .when({ ...save, ...other })
      .gives({ ...wasSaved, ...other })
    const row = { userId, peerId, sealed, replyToMsgId: 4, date }
    expect(rowsAfter(wasSaved)).toEqual([[`drafts(${userId},${peerId})`, row]])
  })

  it('are removed where they are there', () => {
    spec
      .given(wasSaved)
      .when({ ...save, ...none })
      .gives({ ...wasSaved, ...none })
    spec
      .given()
      .when({ ...save, ...none })
      .gives()
    expect(rowsAfter(wasSaved, { ...wasSaved, ...none })).toEqual([])
  })
})

describe('settings', () => {
  const put = { type: 'PutSetting', userId, name: 'privacy:phone', sealed } as const
  const wasPut = { ...put, type: 'SettingPut' } as const

  it('are put and taken back', () => {
    expect(spec.given().when(put).gives(wasPut)).toEqual(yesAnd('setting', { name: 'privacy:phone' }))
    spec.given(wasPut).when(put).gives()
    const sealedAnew = { sealed: Buffer.from('anew') }
    spec
      .given(wasPut)
      .when({ ...put, ...sealedAnew })
      .gives({ ...wasPut, ...sealedAnew })
    spec
      .given(wasPut)
      .when({ ...put, sealed: null })
      .gives({ ...wasPut, sealed: null })
    spec
      .given()
      .when({ ...put, sealed: null })
      .gives()
    expect(rowsAfter(wasPut)).toEqual([
      [`settings(${userId},privacy:phone)`, { userId, name: put.name, sealed }],
    ])
    expect(rowsAfter(wasPut, { ...wasPut, sealed: null })).toEqual([])
  })

  it('changed by nobody that waits have no session to spare', () => {
    const [publication] = accountDecider.react(wasPut, uncalledHeader, someAt)
    expect(publication).toMatchObject({ kind: 'publication', record: { origin: Buffer.alloc(0) } })
  })
})
