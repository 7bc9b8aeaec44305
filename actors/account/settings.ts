import type { PutSetting, RecordHeader, SettingPut } from '@heliograph/schemas/avro'
import { type Mutation, type RowRef, settings } from '@heliograph/storage'
import type { Decision, Reaction, Rows } from '../runtime/decider.ts'
import { accountUpdate, answered } from './user-channel.ts'

const nothing = { events: [] } as const

export function needsOfSetting({ userId, name }: PutSetting): RowRef[] {
  return [{ table: settings, key: { userId, name } }]
}

/** A setting without a value goes back to its default: the row is removed. */
export function decideSetting(rows: Rows, { userId, name, sealed }: PutSetting): Decision<SettingPut> {
  const before = rows.get(settings, { userId, name })?.sealed ?? null
  const same = sealed === null ? before === null : (before?.equals(sealed) ?? false)
  return same ? nothing : { events: [{ type: 'SettingPut', userId, name, sealed }] }
}

export function projectSetting({ userId, name, sealed }: SettingPut): Mutation[] {
  if (sealed === null) return [{ kind: 'delete', table: settings, key: { userId, name } }]
  return [{ kind: 'upsert', table: settings, row: { userId, name, sealed } }]
}

export function reactToSetting({ userId, name }: SettingPut, header: RecordHeader): Reaction[] {
  return [...answered(header), accountUpdate(userId, 'setting', header, { name })]
}
