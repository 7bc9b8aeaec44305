import { setImmediate } from 'node:timers/promises'
import type { Tl } from '@heliograph/schemas/tl'
import type { OpenHandler } from '../handler.ts'
import { textHash } from './text-hash.ts'

const HOUR_SECONDS = 3600
/** Asking for the offset of a zone takes some 200 µs, so no turn of the event loop asks for more than this many. */
const ZONES_PER_TURN = 4

interface Dated {
  readonly hour: number
  readonly list: Promise<Tl<'help.timezonesList'>>
}
let current: Dated | undefined

/** The zones that Node knows with their offsets of now, computed once an hour. */
export const getTimezonesList: OpenHandler<'help.getTimezonesList'> = async (call, { now }) => {
  const hour = Math.floor(now / HOUR_SECONDS)
  if (current?.hour !== hour) current = { hour, list: build(now) }
  const list = await current.list
  return call.hash === list.hash ? { _: 'help.timezonesListNotModified' } : list
}

async function build(now: number): Promise<Tl<'help.timezonesList'>> {
  const at = new Date(now * 1000)
  const timezones: Tl<'timezone'>[] = []
  for (const id of Intl.supportedValuesOf('timeZone')) {
    if (timezones.length % ZONES_PER_TURN === 0) await setImmediate()
    timezones.push({ _: 'timezone', id, name: cityOf(id), utcOffset: offsetSeconds(id, at) })
  }
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
