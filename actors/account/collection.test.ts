import {
  type CollectionChange,
  type CollectionChanged,
  MAX_ACTIVE_USERNAMES,
  MAX_COLLECTED_USERNAMES,
  type UserId,
} from '@heliograph/schemas/avro'
import { usernameCollections, usernames } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { answer } from '../answer.ts'
import { calledHeader, caller, RowMap, someAt, specification } from '../runtime/specification.ts'
import { accountDecider } from './index.ts'

const alice = 1_000_000_001 as UserId
const channel = -1_000_000_000_005 as UserId
const spec = specification(accountDecider)
const change = (kind: CollectionChange, ...usernames: string[]) =>
  ({ type: 'ChangeCollection', userId: alice, change: kind, usernames }) as const
/** `+name` is shown, `-name` is hidden. */
const changed = (kind: CollectionChange, state: string, more: Partial<CollectionChanged> = {}) => {
  const names = state.split(' ').filter((name) => name !== '')
  const all = names.map((name) => ({ username: name.slice(1), active: name.startsWith('+') }))
  const event: CollectionChanged = {
    type: 'CollectionChanged',
    userId: alice,
    change: kind,
    usernames: all,
    order: [],
    former: [],
    date: someAt.date,
  }
  return { ...event, ...more }
}
const order = (key: string, record: object) => ({
  kind: 'record',
  topic: 'account.commands',
  key,
  record,
  reply: null,
})
const many = (count: number, sign = '-') =>
  Array.from({ length: count }, (_, i) => `${sign}name${i}`).join(' ')

describe('GrantUsername', () => {
  const grant = { type: 'GrantUsername', username: 'Gold', userId: alice } as const
  const granted = { ...grant, type: 'UsernameGranted' } as const

  it('claims a free name and puts it into the collection of its owner', () => {
    expect(spec.given().when(grant).gives(granted)).toEqual([
      answer(caller),
      order(`names:${alice}`, change('give', 'Gold')),
    ])
    const rows = new RowMap().apply(accountDecider.project(granted))
    expect(rows.get(usernames, { username: 'gold' })).toEqual({ username: 'gold', userId: alice })
  })

  it('does not give what anybody has, the same owner included', () => {
    const claimed = { type: 'UsernameClaimed', username: 'gold', userId: alice } as const
    spec.given(claimed).when(grant).rejected(400, 'USERNAME_OCCUPIED')
    spec.given(granted).when(grant).rejected(400, 'USERNAME_OCCUPIED')
  })
})

describe('a collection of usernames', () => {
  it('gets names, which are hidden until they are shown', () => {
    spec.given().when(change('give', 'Gold')).gives(changed('give', '-Gold'))
    const given = spec.given(changed('give', '-Gold'))
    given.when(change('give', 'gold')).gives()
    given.when(change('show', 'gold')).gives(changed('show', '+Gold'))
    given.when(change('hide', 'gold')).rejected(400, 'USERNAME_NOT_MODIFIED')
    given.when(change('show', 'silver')).rejected(400, 'USERNAME_INVALID')
  })

  it('has room for so many names; another is freed again', () => {
    const full = many(MAX_COLLECTED_USERNAMES)
    const reactions = spec
      .given(changed('give', full))
      .when(change('give', 'Over'))
      .gives(changed('give', full, { former: ['Over'] }))
    expect(reactions).toContainEqual(
      order('username:over', { type: 'ReleaseUsername', username: 'over', userId: alice }),
    )
  })

  it('shows so many at once, for account.toggleUsername and channels.toggleUsername: USERNAMES_ACTIVE_TOO_MUCH', () => {
    const full = many(MAX_ACTIVE_USERNAMES, '+')
    spec
      .given(changed('show', `${full} -last`))
      .when(change('show', 'last'))
      .rejected(400, 'USERNAMES_ACTIVE_TOO_MUCH')
    spec.given(changed('show', '+one -two')).when(change('hide-all')).gives(changed('hide-all', '-one -two'))
    spec.given(changed('hide-all', '-one')).when(change('hide-all')).gives()
  })

  it('is ordered by all that is shown, the chosen name among it', () => {
    const given = spec.given(changed('show', '+One +two -three'))
    const order = ['two', 'chosen', 'one']
    given.when(change('order', 'Two', 'chosen', 'ONE')).gives(changed('order', '+One +two -three', { order }))
    for (const wrong of [['two'], ['one', 'one', 'two'], ['one', 'two', 'x', 'y']])
      given.when(change('order', ...wrong)).rejected(400, 'ORDER_INVALID')
    spec
      .given(changed('order', '+One +two', { order }))
      .when(change('order', ...order))
      .rejected(400, 'USERNAME_NOT_MODIFIED')
  })

  it('loses what is taken, and everything with its owner; the names are free then', () => {
    const given = spec.given(changed('show', '+One -two'))
    const freed = (name: string) =>
      order(`username:${name}`, { type: 'ReleaseUsername', username: name, userId: alice })
    const taken = given.when(change('take', 'one')).gives(changed('take', '-two', { former: ['One'] }))
    expect(taken).toContainEqual(freed('one'))
    given.when(change('take', 'other')).gives()
    const dropped = given.when(change('drop')).gives(changed('drop', '', { former: ['One', 'two'] }))
    expect(dropped).toEqual(expect.arrayContaining([freed('one'), freed('two')]))
    const gone = new RowMap().apply(accountDecider.project(changed('drop', '')))
    expect(gone.get(usernameCollections, { userId: alice })).toBeUndefined()
  })

  it('is told to whoever shows the owner', () => {
    const channels = (event: CollectionChanged) =>
      accountDecider
        .react(event, calledHeader, someAt)
        .flatMap((reaction) => (reaction.kind === 'publication' ? [reaction.channel] : []))
    expect(channels(changed('show', '+One'))).toEqual([`user:${alice}`, `presence:${alice}`])
    expect(channels(changed('show', '+One', { userId: channel }))).toEqual(['chat:c5'])
  })
})
