import type { Tl, TlType } from '@heliograph/schemas/tl'
import type { AuthKeyId, SessionHandle, SessionId } from '../mtproto/ports.ts'

/** For tests: a session of a user that keeps what it is pushed. */
export class Listener implements SessionHandle {
  readonly permanentKeyId = '00000000000000aa' as AuthKeyId
  readonly layer = 200
  readonly sessionId: SessionId
  readonly userId: number
  readonly heard: Tl<'updates'>[] = []

  /** @param number tells the sessions of one user apart */
  constructor(userId: number, number = 1) {
    this.userId = userId
    this.sessionId = String(number).padStart(16, '0') as SessionId
  }

  push(updates: unknown): boolean {
    this.heard.push(updates as Tl<'updates'>)
    return true
  }

  get updates(): TlType<'Update'>[] {
    return this.heard.flatMap(({ updates }) => updates)
  }

  /** Of its updates, but for who is online. */
  get kinds(): TlType<'Update'>['_'][] {
    return this.updates.map(({ _ }) => _).filter((kind) => kind !== 'updateUserStatus')
  }

  get texts(): (string | undefined)[] {
    return this.updates.map((update) =>
      'message' in update ? (update.message as { message?: string }).message : '',
    )
  }
}

/** For tests: turns of the event loop, after which all that was told has been pushed. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve))
}
