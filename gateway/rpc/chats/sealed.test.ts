import { channelChatId } from '@heliograph/schemas/avro'
import { chatScope, memoryKeyring } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { hashOfLink, inviteLink, isSpent, newInviteHash } from './invite-links.ts'
import { type LogAction, openLog, openRank, sealLog, sealRank } from './sealed.ts'

describe('what a chat keeps sealed', () => {
  const services = { keyring: memoryKeyring() }
  const chatId = channelChatId(7)
  const keyOf = (id = chatId) => services.keyring.obtain(chatScope(id))

  it('is opened under its own chat and kind only', async () => {
    const rank = await sealRank(services, chatId, 'sheriff')
    expect(openRank(chatId, await keyOf(), rank)).toBe('sheriff')
    const other = channelChatId(8)
    expect(openRank(other, await keyOf(other), rank)).toBe('')
    expect(openLog(chatId, await keyOf(), rank!)).toEqual([])
    expect(await sealRank(services, chatId, '')).toBeNull()
  })

  it('holds several actions of one command', async () => {
    const actions: LogAction[] = [
      { _: 'channelAdminLogEventActionToggleSlowMode', prevValue: 0, newValue: 10 },
      { _: 'channelAdminLogEventActionParticipantLeave' },
    ]
    expect(openLog(chatId, await keyOf(), await sealLog(services, chatId, actions))).toEqual(actions)
  })
})

describe('invite links', () => {
  const random = (size: number) => Buffer.alloc(size, 0xab)
  const hash = newInviteHash({ random, config: {} as never })

  it.each(['', 'https://t.me/joinchat/', 'tg://join?invite=', 't.me/+'])('are known as %s…', (prefix) => {
    expect(hashOfLink(prefix + hash)).toBe(hash)
  })

  it('are nothing else', () => {
    for (const link of ['', 'x', 'https://t.me/name', 'a'.repeat(1000)]) {
      expect(hashOfLink(link)).toBeUndefined()
    }
    expect(hashOfLink(inviteLink(hash))).toBe(hash)
  })

  it('are spent when revoked, full or over', () => {
    const invite = {
      hash,
      adminId: 1 as never,
      title: null,
      date: 0,
      startDate: 0,
      expireDate: 0,
      usageLimit: 0,
      usage: 5,
      requested: 0,
      requestNeeded: false,
      revoked: false,
      permanent: false,
    }
    expect(isSpent(invite, 100)).toBe(false)
    expect(isSpent({ ...invite, revoked: true }, 100)).toBe(true)
    expect(isSpent({ ...invite, usageLimit: 5 }, 100)).toBe(true)
    expect(isSpent({ ...invite, expireDate: 100 }, 100)).toBe(true)
    expect(isSpent({ ...invite, expireDate: 101 }, 100)).toBe(false)
  })
})
