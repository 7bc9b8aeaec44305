import { expect, it } from 'vitest'
import { type ChatId, privateChatId, privateChatMembers, type UserId } from './ids.ts'

const user = (id: number) => id as UserId

it('the members of a private chat are read back from its id, however large theirs are', () => {
  const ids = [1, 7, 10, 777_000, 2 ** 32, 2 ** 40 - 1].map(user)
  for (const a of ids)
    for (const b of ids) {
      const members = a === b ? [a] : [Math.min(a, b), Math.max(a, b)]
      expect(privateChatMembers(privateChatId(a, b))).toEqual(members)
    }
})

it('ids of other chats, and what is no id, have no such members', () => {
  for (const id of [
    'g5',
    'c5',
    '',
    'u',
    'u1',
    'u1-',
    'u-1',
    'u1-2-3',
    'u1-x',
    'ux-1',
    'u1--2',
    'u1-2\n',
    'v1-2',
  ])
    expect(privateChatMembers(id as ChatId)).toBeUndefined()
})
