import type { Tl } from '@heliograph/schemas/tl'
import type { OpenHandler } from '../handler.ts'
import { textHash } from './text-hash.ts'

const HOUR_SECONDS = 3600
let current: { readonly hour: number; readonly list: Tl<'help.timezonesList'> } | undefined

/** The zones that Node knows with their offsets of now, computed once an hour. */
export const getTimezonesList: OpenHandler<'help.getTimezonesList'> = (call, { now }) => {
  const hour = Math.floor(now / HOUR_SECONDS)
  if (current?.hour !== hour) current = { hour, list: build(now) }
  const { list } = current
  return call.hash === list.hash ? { _: 'help.timezonesListNotModified' } : list
}

function build(now: number): Tl<'help.timezonesList'> {
  const at = new Date(now * 1000)
  const timezones = Intl.supportedValuesOf('timeZone').map(
    (id): Tl<'timezone'> => ({ _: 'timezone', id, name: cityOf(id), utcOffset: offsetSeconds(id, at) }),
  )
  const hash = textHash(timezones.map(({ id, utcOffset }) => `${id}${utcOffset}`).join())
  return { _: 'help.timezonesList', timezones, hash }
}

/** `America/Argentina/Buenos_Aires` is named Buenos Aires. */
function cityOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1).replaceAll('_', ' ')
}

function offsetSeconds(timeZone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at)
  const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const match = /([+-])(\d{2}):(\d{2})/.exec(text)
  if (match === null) return 0
  const seconds = Number(match[2]) * HOUR_SECONDS + Number(match[3]) * 60
  return match[1] === '-' ? -seconds : seconds
}
