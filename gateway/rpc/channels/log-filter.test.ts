import type { Tl } from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import type { LogAction } from '../chats/sealed.ts'
import { bannedRights } from '../rights.ts'
import { matchesFilter, textOf } from './log-filter.ts'

const filter = (fields: Omit<Tl<'channelAdminLogEventsFilter'>, '_'>) =>
  ({ _: 'channelAdminLogEventsFilter', ...fields }) as const
const plain = { _: 'channelParticipant', userId: 5, date: 0 } as const
const banned = (bits: number) =>
  ({
    _: 'channelParticipantBanned',
    peer: { _: 'peerUser', userId: 5 },
    kickedBy: 1,
    date: 0,
    bannedRights: bannedRights(bits),
  }) as const
const ban = (
  prevParticipant: Tl<'channelAdminLogEventActionParticipantToggleBan'>['prevParticipant'],
  newParticipant: typeof prevParticipant,
): LogAction => ({
  _: 'channelAdminLogEventActionParticipantToggleBan',
  prevParticipant,
  newParticipant,
})

describe('the filter of the log', () => {
  const title: LogAction = {
    _: 'channelAdminLogEventActionChangeTitle',
    prevValue: 'Old',
    newValue: 'New',
  }

  it('lets all through where there is none, and only what it names otherwise', () => {
    expect(matchesFilter(title, undefined)).toBe(true)
    expect(matchesFilter(title, filter({ info: true }))).toBe(true)
    expect(matchesFilter(title, filter({ settings: true, join: true }))).toBe(false)
  })

  it.each([
    ['ban', ban(plain, banned(2))],
    ['unban', ban(banned(2), plain)],
    ['kick', ban(plain, banned(1))],
    ['unkick', ban(banned(1), plain)],
    ['join', { _: 'channelAdminLogEventActionParticipantJoin' } as const],
    ['settings', { _: 'channelAdminLogEventActionToggleSlowMode', prevValue: 0, newValue: 10 } as const],
  ] as const)('knows a %s', (field, action) => {
    expect(matchesFilter(action, filter({ [field]: true }))).toBe(true)
    const others = filter({ promote: true, demote: true, edit: true, delete: true })
    expect(matchesFilter(action, others)).toBe(false)
  })

  it('finds words in what was changed', () => {
    expect(textOf(title)).toBe('Old\nNew')
    const message = { _: 'message', id: 1, peerId: { _: 'peerChannel', channelId: 1 }, date: 0 } as const
    const edited: LogAction = {
      _: 'channelAdminLogEventActionEditMessage',
      prevMessage: { ...message, message: 'before' },
      newMessage: { ...message, message: 'after' },
    }
    expect(textOf(edited)).toBe('before\nafter')
  })
})
