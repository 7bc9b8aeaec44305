import type { AuthKeyChange, AuthKeyChanged, UserId } from '@heliograph/schemas/avro'
import { authKeys, type RowOf, type RowRef } from '@heliograph/storage'
import type { Decision, Rows } from '../runtime/decider.ts'

/** What is known of an auth key: the event that says so, without what changed. */
export type AuthKeyState = Omit<AuthKeyChanged, 'type' | 'change' | 'previousUserId'>

export function authKeyRef(authKeyId: string): RowRef {
  return { table: authKeys, key: { authKeyId } }
}

export function authKeyState(rows: Rows, authKeyId: string): AuthKeyState | undefined {
  const row = rows.get(authKeys, { authKeyId })
  return row && stateOf(row)
}

function stateOf(row: RowOf<typeof authKeys>): AuthKeyState {
  return {
    authKeyId: row.authKeyId as string,
    sealedKey: row.sealedKey as Buffer,
    firstSalt: row.firstSalt as bigint,
    expiresAt: row.expiresAt,
    permanentKeyId: row.permanentKeyId,
    userId: row.userId as UserId | null,
    layer: row.layer,
    client: row.client,
    createdAt: row.createdAt as number,
    loggedInAt: row.loggedInAt,
    activeAt: row.activeAt,
  }
}

/** One event with the whole state that holds from now on. */
export function changed(
  state: AuthKeyState,
  change: AuthKeyChange,
  previousUserId: UserId | null = null,
): Decision<AuthKeyChanged> {
  return { events: [{ type: 'AuthKeyChanged', ...state, change, previousUserId }] }
}

export function isTemporary(state: AuthKeyState): boolean {
  return state.expiresAt !== null
}
