import type { UserId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import type { UserDirectory } from '../directory/directory.ts'
import type { UserFacts } from '../directory/facts.ts'
import { usernameFields } from '../directory/usernames.ts'
import type { Draft } from './message.ts'

const rendered = new WeakMap<UserFacts, Tl<'user'>>()

/** A user as anybody may see it, marked so that clients only learn its name; the same object as long as the facts hold. */
function minUser(facts: UserFacts): Tl<'user'> {
  const known = rendered.get(facts)
  if (known !== undefined) return known
  const user = render(facts)
  rendered.set(facts, user)
  return user
}

function render(facts: UserFacts): Tl<'user'> {
  const { id, firstName, lastName, deleted } = facts
  const user: Draft<Tl<'user'>> = { _: 'user', id, min: true }
  if (deleted) return { ...user, deleted: true }
  user.firstName = firstName
  if (lastName !== '') user.lastName = lastName
  return Object.assign(user, usernameFields(facts, false))
}

/** These users for everybody, without unknown ones; at once where all are at hand. */
export function renderMinUsers(
  directory: UserDirectory,
  ids: readonly UserId[],
): Tl<'user'>[] | Promise<Tl<'user'>[]> {
  const users: Tl<'user'>[] = []
  for (const id of ids) {
    const facts = directory.cachedFacts(id)
    if (facts === undefined) return loadMinUsers(directory, ids)
    users.push(minUser(facts))
  }
  return users
}

async function loadMinUsers(directory: UserDirectory, ids: readonly UserId[]): Promise<Tl<'user'>[]> {
  const found = await Promise.all(ids.map((id) => directory.find(id)))
  return found.flatMap((facts) => (facts === undefined ? [] : [minUser(facts)]))
}
