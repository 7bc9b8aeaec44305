import { type UserId, userKey } from '@heliograph/schemas/avro'
import {
  type AnyObject,
  type ConstructorName,
  decodeObject,
  encodeObject,
  type Tl,
} from '@heliograph/schemas/tl'
import { settings, userScope } from '@heliograph/storage'
import type { CallContext } from './handler.ts'
import { openSetting, sealSetting } from './sealed.ts'
import type { Services } from './services.ts'

/** Most settings that are listed at once. */
export const MAX_LISTED_SETTINGS = 1_000
const PREFIX_END = '\uffff'

/** The bytes of a durable setting of an account, opened; undefined where there is none. */
export async function readSetting(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
  name: string,
): Promise<Buffer | undefined> {
  const row = await services.tables.get(settings, { userId, name })
  const key = row?.sealed ? await services.keyring.find(userScope(userId)) : undefined
  return row?.sealed && key ? openSetting(userId, name, key, row.sealed) : undefined
}

/** All settings whose name begins with `prefix`, opened, in order of their names. */
export async function listSettings(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
  prefix: string,
): Promise<{ readonly name: string; readonly value: Buffer }[]> {
  const range = { from: prefix, to: prefix + PREFIX_END, limit: MAX_LISTED_SETTINGS }
  const rows = await services.tables.range(settings, { userId }, range)
  const key = await services.keyring.find(userScope(userId))
  if (key === undefined) return []
  return rows.flatMap(({ name, sealed }) => {
    const value = name && sealed ? openSetting(userId, name, key, sealed) : undefined
    return value === undefined ? [] : [{ name: name!, value }]
  })
}

/** Writes a setting, durably, or removes it; the account's other sessions are told by its name. */
export async function writeSetting(
  { services, user, caller }: Pick<CallContext, 'services' | 'user' | 'caller'>,
  name: string,
  value: Buffer | null,
): Promise<void> {
  const sealed = value && (await sealSetting(services, user, name, value))
  const command = { type: 'PutSetting', userId: user, name, sealed } as const
  await services.commands.ask('account.commands', userKey(user), command, caller)
}

/** A setting that is a TL object, as it was written. */
export async function readTlSetting<N extends ConstructorName>(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
  name: string,
  expected: N,
): Promise<Tl<N> | undefined> {
  const value = await readSetting(services, userId, name)
  return value && tlValue(value, expected)
}

export function writeTlSetting(
  context: Pick<CallContext, 'services' | 'user' | 'caller'>,
  name: string,
  value: AnyObject,
): Promise<void> {
  return writeSetting(context, name, Buffer.from(encodeObject(value)))
}

/** The object in stored bytes; undefined where it is another one. */
export function tlValue<N extends ConstructorName>(bytes: Buffer, expected: N): Tl<N> | undefined {
  const object: { readonly _: string } = decodeObject(bytes)
  return object._ === expected ? (object as unknown as Tl<N>) : undefined
}
