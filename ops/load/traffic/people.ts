import type { Result } from '@heliograph/schemas/tl'
import { exchangeKey } from '../../bench/load/exchange.ts'
import type { LoadKey, LoadLink } from '../../bench/load/link.ts'
import { call, type LoadTarget, signUp } from '../../bench/load/user.ts'
import { guarded, openLink } from '../client/open-link.ts'
import type { Peer } from '../client/text.ts'

/** Sign-ups and introductions under way at once. */
const CONCURRENCY = 16
const STEP_TIMEOUT_MS = 30_000
const ATTEMPTS = 5
const RETRY_MS = 500

/** A logged-in link that no client has taken over yet. */
export interface Person {
  readonly link: LoadLink
  readonly key: LoadKey
  readonly target: number
  readonly id: number
  readonly phone: string
}

/** Connects to `targets[target]`, exchanges a key and signs up. Rejects where the server does not let it. */
export async function signUpPerson(
  targets: readonly LoadTarget[],
  target: number,
  phone: string,
): Promise<Person> {
  const at = targets[target % targets.length] as LoadTarget
  const link = await openLink(at)
  try {
    const key = await guarded(link, STEP_TIMEOUT_MS, exchangeKey(link, at.publicKeyPem))
    link.useKey(key)
    const user = await guarded(link, STEP_TIMEOUT_MS, signUp(link, phone, at))
    return { link, key, target, id: user.id, phone }
  } catch (error) {
    link.close()
    throw error
  }
}

/** Signs up one person per number; tells of each one that is done. */
export async function signUpAll(
  targets: readonly LoadTarget[],
  phones: readonly (() => string)[],
  onDone: () => void,
): Promise<Person[]> {
  const people: Person[] = []
  await eachOf(phones.length, async (index) => {
    people[index] = await patiently((attempt) =>
      // Another gateway each time, since one may be down; another number, since this one may be taken by now.
      signUpPerson(targets, index + attempt - 1, (phones[index] as () => string)()),
    )
    onDone()
  })
  return people
}

/** How each person addresses each of its partners: `addressed[person].get(partner)`. */
export async function introduceAll(
  people: readonly Person[],
  partnersOf: (person: number) => readonly number[],
): Promise<ReadonlyMap<number, Peer>[]> {
  const addressed: Map<number, Peer>[] = []
  await eachOf(people.length, async (index) => {
    const partners = partnersOf(index)
    const work = () => importPartners(people, index, partners)
    addressed[index] = partners.length === 0 ? new Map() : await patiently(work)
  })
  return addressed
}

async function importPartners(
  people: readonly Person[],
  index: number,
  partners: readonly number[],
): Promise<Map<number, Peer>> {
  const { link } = people[index] as Person
  const contacts = partners.map((partner) => ({
    _: 'inputPhoneContact',
    clientId: BigInt(partner),
    phone: (people[partner] as Person).phone,
    firstName: 'Load',
    lastName: '',
  }))
  const request = call(link, { _: 'contacts.importContacts', contacts } as never)
  const imported = (await guarded(link, STEP_TIMEOUT_MS, request)) as Result<'contacts.importContacts'>
  const hashes = new Map(
    imported.users.flatMap((user) => (user._ === 'user' ? [[user.id, user.accessHash ?? 0n] as const] : [])),
  )
  const peers = new Map<number, Peer>()
  for (const partner of partners) {
    const userId = (people[partner] as Person).id
    const accessHash = hashes.get(userId)
    if (accessHash === undefined) throw new Error(`user ${userId} was not found by its number`)
    peers.set(partner, { userId, accessHash })
  }
  return peers
}

/** A busy or restarting server gets some more tries. */
async function patiently<T>(work: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt)
    } catch (error) {
      if (attempt === ATTEMPTS) throw error
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS * attempt))
    }
  }
}

/** Runs `work` for 0 to count - 1, some at a time. */
export async function eachOf(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, count) }, worker))
}
