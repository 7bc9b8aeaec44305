import type { UserId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import type { Handler } from '../handler.ts'
import { letsBy } from '../privacy/ask.ts'
import { renderUser } from '../render/user.ts'
import { contactIds } from './book.ts'

const DAY_MS = 24 * 3600 * 1000

/** The contacts who have a birthday yesterday, today or tomorrow (UTC), so that it is today somewhere, and who show it. */
export const getBirthdays: Handler<'contacts.getBirthdays'> = async (_, context) => {
  const { services, user, now } = context
  const ids = await contactIds(context)
  const views = await services.directory.views(user, ids)
  const near = [-1, 0, 1].map((days) => monthAndDay(new Date(now * 1000 + days * DAY_MS)))
  const found = ids.flatMap((id, i): { id: UserId; i: number; contact: Tl<'contactBirthday'> }[] => {
    const birthday = views[i]!.facts?.birthday
    if (!birthday || !near.includes(`${birthday.month}-${birthday.day}`)) return []
    if (!letsBy(views[i]!, user, 'Birthday')) return []
    return [{ id, i, contact: { _: 'contactBirthday', contactId: id, birthday: tlBirthday(birthday) } }]
  })
  return {
    _: 'contacts.contactBirthdays',
    contacts: found.map(({ contact }) => contact),
    users: found.map(({ id, i }) => renderUser(user, id, views[i]!, now)),
  }
}

const monthAndDay = (date: Date): string => `${date.getUTCMonth() + 1}-${date.getUTCDate()}`

/** A birthday as clients are told of it; the year may be kept back. */
export function tlBirthday(birthday: {
  readonly day: number
  readonly month: number
  readonly year: number | null
}): Tl<'birthday'> {
  const { day, month, year } = birthday
  return { _: 'birthday', day, month, ...(year !== null && { year }) }
}
