import type { Tl } from '@heliograph/schemas/tl'
import type { RowOf, usernameCollections } from '@heliograph/storage'

type Username = Tl<'username'>
type Collection = Pick<RowOf<typeof usernameCollections>, 'usernames' | 'active' | 'ordered'>

/** What an account or channel is called in public. */
export interface Named {
  /** The name that its owner chose. */
  readonly username: string | undefined
  /** All of its names in order, where the operator gave it more than that one. */
  readonly usernames?: readonly Username[] | undefined
}

const lower = (name: string): string => name.toLowerCase()

/** The chosen name, which is always shown, among those that the owner was given; undefined where none was. */
export function usernamesOf(
  chosen: string | undefined,
  row: Collection | undefined,
): readonly Username[] | undefined {
  if (!row?.usernames?.length) return undefined
  const active = new Set(row.active)
  const given = row.usernames.map((username): Username => {
    return active.has(username) ? { _: 'username', username, active: true } : { _: 'username', username }
  })
  const own: Username[] =
    chosen === undefined ? [] : [{ _: 'username', username: chosen, editable: true, active: true }]
  const rank = (name: string): number => {
    const index = (row.ordered ?? []).indexOf(lower(name))
    return index < 0 ? Number.MAX_SAFE_INTEGER : index
  }
  const all = [...own, ...given].sort((one, other) => rank(one.username) - rank(other.username))
  return [...all.filter((each) => each.active), ...all.filter((each) => !each.active)]
}

/** The names that anybody may see, in order. */
export function shownNames({ username, usernames }: Named): readonly string[] {
  if (usernames !== undefined) return usernames.filter((each) => each.active).map((each) => each.username)
  return username === undefined ? [] : [username]
}

/**
 * A user's or channel's names as its constructor has them: either `username` or `usernames`, since clients take both together for
 * an error.
 * @param isOwner also sees the names that are hidden
 */
export function usernameFields(
  named: Named,
  isOwner: boolean,
): Pick<Tl<'user'>, 'username'> | Pick<Tl<'user'>, 'usernames'> {
  const { username, usernames } = named
  const seen = isOwner ? usernames : usernames?.filter((each) => each.active)
  if (seen?.some((each) => !each.editable)) return { usernames: [...seen] }
  return username === undefined ? {} : { username }
}

/** Whether the owner was given the name and hides it. */
export function isHidden({ usernames }: Named, name: string): boolean {
  return usernames?.some((each) => !each.active && lower(each.username) === lower(name)) ?? false
}

/** Whether the owner was given the name. */
export function isCollected({ usernames }: Named, name: string): boolean {
  return usernames?.some((each) => !each.editable && lower(each.username) === lower(name)) ?? false
}
