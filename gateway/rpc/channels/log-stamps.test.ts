import { describe, expect, it } from 'vitest'
import type { LogAction } from '../chats/sealed.ts'
import { stampedAction } from './log-stamps.ts'

const ALICE = 5
const BOB = 6
const message = {
  _: 'message',
  id: 1,
  peerId: { _: 'peerChannel', channelId: 1 },
  date: 0,
  message: 'hello',
} as const
const outIn = (viewer: number, action: LogAction) => {
  const seen = stampedAction({} as never, viewer, action)
  return 'message' in seen && 'out' in (seen.message as object)
    ? (seen.message as { out: boolean }).out
    : false
}

describe('messages in the log', () => {
  const deleted: LogAction = {
    _: 'channelAdminLogEventActionDeleteMessage',
    message: { ...message, fromId: { _: 'peerUser', userId: ALICE } },
  }

  it('are outgoing for who wrote them, and for nobody else', () => {
    expect([outIn(ALICE, deleted), outIn(BOB, deleted)]).toEqual([true, false])
  })

  it('of a channel belong to nobody', () => {
    expect(outIn(ALICE, { _: 'channelAdminLogEventActionUpdatePinned', message })).toBe(false)
  })
})
