import type { Random } from '../pace/random.ts'

/** Tries to find a pair that has no chat yet, before the plan stays smaller. */
const TRIES = 20

/**
 * Which users (0 to users - 1) chat with which: everyone with someone, `chatsPerUser` on average, in random order, the most
 * popular chat first.
 */
export function planChats(
  users: number,
  chatsPerUser: number,
  random: Random,
): (readonly [number, number])[] {
  const pairs = new Map<string, readonly [number, number]>()
  const add = (one: number, other: number): boolean => {
    const pair = one < other ? ([one, other] as const) : ([other, one] as const)
    const key = pair.join()
    if (one === other || pairs.has(key)) return false
    pairs.set(key, pair)
    return true
  }
  for (let user = 0; user < users; user += 2) add(user, user + 1 < users ? user + 1 : 0)
  const wanted = Math.round((users * chatsPerUser) / 2)
  while (pairs.size < wanted) {
    let tries = 0
    const any = () => Math.floor(random() * users)
    while (tries < TRIES && !add(any(), any())) tries++
    if (tries === TRIES) break
  }
  return shuffled([...pairs.values()], random)
}

function shuffled<T>(all: T[], random: Random): T[] {
  for (let at = all.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const taken = all[at] as T
    all[at] = all[other] as T
    all[other] = taken
  }
  return all
}
