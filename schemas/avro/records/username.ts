import { as, bool, int, list, long, nested, type RecordOf, record, text } from '../dsl.ts'
import type { UserId } from '../ids.ts'

/** A user, or a channel under its peer. */
const userId = as<UserId>(long)

/**
 * give and take come from the operator; drop from the end of the owner; show, hide, hide-all and order from the owner.
 */
export type CollectionChange = 'give' | 'take' | 'drop' | 'show' | 'hide' | 'hide-all' | 'order'

/**
 * Keyed `username:<lower case>`: the operator gives a name to an account or channel, beside the one that it chose. `username` is
 * as it is to be shown.
 */
export const GrantUsername = record('GrantUsername', { username: text, userId })
export const UsernameGranted = record('UsernameGranted', { username: text, userId })

/** Keyed `names:<peer>`. `usernames`: what is given, taken, shown or hidden; the whole order; or nothing. */
export const ChangeCollection = record('ChangeCollection', {
  userId,
  change: as<CollectionChange>(text),
  usernames: list(text),
})
/** Carries the whole collection that holds after it; `former` are names that it does not hold any more, which are to be freed. */
export const CollectionChanged = record('CollectionChanged', {
  userId,
  change: as<CollectionChange>(text),
  usernames: list(nested('CollectedUsername', { username: text, active: bool })),
  /** Lower-case names as the owner has ordered them, the chosen one among them. */
  order: list(text),
  former: list(text),
  /** Unix seconds. */
  date: int,
})

export type GrantUsername = RecordOf<typeof GrantUsername>
export type UsernameGranted = RecordOf<typeof UsernameGranted>
export type ChangeCollection = RecordOf<typeof ChangeCollection>
export type CollectionChanged = RecordOf<typeof CollectionChanged>

/** Names that one account or channel may be given. */
export const MAX_COLLECTED_USERNAMES = 50
/** Of those, how many it may show at once. */
export const MAX_ACTIVE_USERNAMES = 10
