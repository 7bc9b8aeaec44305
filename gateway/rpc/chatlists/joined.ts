import type { PeerId } from '@heliograph/schemas/avro'
import type { CallContext } from '../handler.ts'
import { listSettings, readSetting, writeSetting } from '../settings.ts'

/** What a user remembers of a folder that came by a link. */
export interface Joined {
  readonly slug: string
  /** Chats that it came into with the folder. */
  readonly joined: readonly PeerId[]
  /** Chats of the link that it does not want to hear of. */
  readonly hidden: readonly PeerId[]
}

const PREFIX = 'chatlist-joined:'

export async function joinedOf(
  { services, user }: CallContext,
  filterId: number,
): Promise<Joined | undefined> {
  const value = await readSetting(services, user, PREFIX + filterId)
  return value && (JSON.parse(value.toString()) as Joined)
}

/** All folders of the caller that came by links, by their numbers. */
export async function allJoined({ services, user }: CallContext): Promise<Map<number, Joined>> {
  const stored = await listSettings(services, user, PREFIX)
  return new Map(
    stored.map(({ name, value }) => [
      Number(name.slice(PREFIX.length)),
      JSON.parse(value.toString()) as Joined,
    ]),
  )
}

export function keepJoined(
  context: CallContext,
  filterId: number,
  joined: Joined | undefined,
): Promise<void> {
  const value = joined === undefined ? null : Buffer.from(JSON.stringify(joined))
  return writeSetting(context, PREFIX + filterId, value)
}
