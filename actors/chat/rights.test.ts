import { ADMIN_RIGHTS, BANNED_RIGHTS, type ChatMember, CREATOR_RIGHTS } from '@heliograph/schemas/avro'
import { describe, expect, it } from 'vitest'
import { bannedAt, isKicked, mayInvite, mayPin, maySend, refusedBySlowMode } from './rights.ts'
import { alice, bob, create, edit, idOf, Story } from './samples.ts'
import { chatInfoOf, newMember } from './state.ts'

const NOW = 1_700_000_000
const { sendMessages, sendPhotos, sendMedia, sendPlain, sendPolls, viewMessages } = BANNED_RIGHTS

function chatOf(kind: 'group' | 'supergroup' | 'broadcast', ...edits: Parameters<typeof edit>[3][]) {
  const story = new Story().tell(create(kind))
  for (const more of edits) story.tell(edit(idOf[kind], alice, 'any', more))
  const info = chatInfoOf(story.rows, idOf[kind])
  if (info === undefined) throw new Error('no chat')
  return info
}
const member = (more: Partial<ChatMember> = {}): ChatMember => ({
  ...newMember(bob),
  status: 'member',
  isIn: true,
  ...more,
})
const leader = (rights: number) => member({ status: 'admin', rights })
const refusal = (message: string, code = 403) => ({ code, message })

describe('maySend', () => {
  it('lets members of groups write, and administrators whatever is forbidden to all', () => {
    const closed = chatOf('supergroup', { defaultBanned: sendMessages })
    expect(maySend(chatOf('supergroup'), member(), [], NOW)).toBeUndefined()
    expect(maySend(closed, member(), [], NOW)).toEqual(refusal('CHAT_WRITE_FORBIDDEN'))
    expect(maySend(closed, leader(ADMIN_RIGHTS.other), [], NOW)).toBeUndefined()
  })

  it('leaves a gigagroup to its administrators', () => {
    const info = chatOf('supergroup', { setFlags: ['gigagroup'] })
    expect(maySend(info, member(), [], NOW)).toEqual(refusal('CHAT_WRITE_FORBIDDEN'))
    expect(maySend(info, leader(ADMIN_RIGHTS.other), [], NOW)).toBeUndefined()
  })

  it('forbids for a while what is forbidden to a member', () => {
    const info = chatOf('supergroup')
    const muted = member({ status: 'restricted', banned: sendMessages, untilDate: NOW + 10 })
    expect(maySend(info, muted, [], NOW)).toEqual(refusal('USER_BANNED_IN_CHANNEL', 400))
    expect(maySend(info, muted, [], NOW + 10)).toBeUndefined()
    expect(bannedAt(muted, NOW + 9)).toBe(sendMessages)
  })

  it('knows the right that each kind needs; a message without media is text', () => {
    const say = (defaultBanned: number, ...kinds: string[]) =>
      maySend(chatOf('supergroup', { defaultBanned }), member(), kinds, NOW)
    expect(say(sendPhotos, 'photo', 'url')).toEqual(refusal('CHAT_SEND_PHOTOS_FORBIDDEN'))
    expect(say(sendPhotos, 'video')).toBeUndefined()
    expect(say(sendMedia, 'voice')).toEqual(refusal('CHAT_SEND_VOICES_FORBIDDEN'))
    expect(say(sendPolls, 'poll')).toEqual(refusal('CHAT_SEND_POLL_FORBIDDEN'))
    expect(say(sendPlain, 'url')).toEqual(refusal('CHAT_SEND_PLAIN_FORBIDDEN'))
    expect(say(sendPlain, 'photo')).toBeUndefined()
    expect(say(BANNED_RIGHTS.sendInline, 'viaBot')).toEqual(refusal('CHAT_SEND_INLINE_FORBIDDEN', 400))
    expect(say(sendPlain, 'viaBot')).toEqual(refusal('CHAT_SEND_PLAIN_FORBIDDEN'))
    expect(say(BANNED_RIGHTS.embedLinks, 'webPage')).toEqual(refusal('CHAT_SEND_WEBPAGE_FORBIDDEN'))
  })

  it('leaves broadcasts to those who may post', () => {
    const info = chatOf('broadcast')
    expect(maySend(info, member(), [], NOW)).toEqual(refusal('CHAT_ADMIN_REQUIRED', 400))
    expect(maySend(info, leader(ADMIN_RIGHTS.changeInfo), [], NOW)).toEqual(
      refusal('CHAT_ADMIN_REQUIRED', 400),
    )
    expect(maySend(info, leader(ADMIN_RIGHTS.postMessages), ['photo'], NOW)).toBeUndefined()
    expect(maySend(info, undefined, [], NOW)).toEqual(refusal('CHANNEL_PRIVATE', 400))
  })

  it('shuts out who is not there, but for comments in an open discussion', () => {
    const kicked = member({ status: 'kicked', isIn: false, banned: viewMessages })
    const named = chatOf('supergroup', { username: 'heliograph' })
    expect(maySend(chatOf('supergroup'), undefined, [], NOW)).toEqual(refusal('CHANNEL_PRIVATE', 400))
    expect(maySend(named, undefined, [], NOW)).toEqual(refusal('CHAT_WRITE_FORBIDDEN'))
    expect(maySend(named, kicked, [], NOW)).toEqual(refusal('CHANNEL_PRIVATE', 400))
    expect(maySend(chatOf('group'), undefined, [], NOW)).toEqual(refusal('CHAT_ID_INVALID', 400))
    expect(maySend(chatOf('group'), kicked, [], NOW)).toEqual(refusal('CHAT_WRITE_FORBIDDEN'))
    const discussion = { linkedChatId: idOf.broadcast, change: 'linked' }
    const open = chatOf('supergroup', discussion)
    expect(maySend(open, undefined, [], NOW)).toBeUndefined()
    expect(maySend(open, kicked, [], NOW)).toEqual(refusal('CHANNEL_PRIVATE', 400))
    const members = chatOf('supergroup', discussion, { setFlags: ['joinToSend'] })
    expect(maySend(members, undefined, [], NOW)).toEqual(refusal('CHAT_GUEST_SEND_FORBIDDEN'))
    const mute = chatOf('supergroup', discussion, { defaultBanned: sendMessages })
    expect(maySend(mute, undefined, [], NOW)).toEqual(refusal('CHAT_WRITE_FORBIDDEN'))
  })
})

describe('other rights', () => {
  it('are those of all members by default, in groups only', () => {
    expect(mayInvite(chatOf('group'), member(), NOW)).toBe(true)
    expect(mayInvite(chatOf('broadcast'), member(), NOW)).toBe(false)
    expect(mayInvite(chatOf('supergroup'), leader(ADMIN_RIGHTS.other), NOW)).toBe(false)
    expect(mayPin(chatOf('supergroup', { defaultBanned: BANNED_RIGHTS.pinMessages }), member(), NOW)).toBe(
      false,
    )
    expect(mayPin(chatOf('broadcast'), leader(ADMIN_RIGHTS.editMessages), NOW)).toBe(true)
    expect(mayPin(chatOf('broadcast'), leader(CREATOR_RIGHTS & ~ADMIN_RIGHTS.editMessages), NOW)).toBe(false)
  })

  it('are gone with the member', () => {
    const gone = member({ status: 'admin', rights: CREATOR_RIGHTS, isIn: false })
    expect(mayInvite(chatOf('group'), gone, NOW)).toBe(false)
  })

  it('come back when the time of a ban is over', () => {
    const until = member({ status: 'kicked', isIn: false, banned: viewMessages, untilDate: NOW })
    expect(isKicked(until, NOW - 1)).toBe(true)
    expect(isKicked(until, NOW)).toBe(false)
  })
})

describe('slow mode', () => {
  it('tells the seconds to wait, to all but administrators', () => {
    const info = chatOf('supergroup', { slowModeSeconds: 30 })
    expect(refusedBySlowMode(info, member(), NOW - 10, NOW)).toEqual(refusal('SLOWMODE_WAIT_20', 420))
    expect(refusedBySlowMode(info, member(), NOW - 30, NOW)).toBeUndefined()
    expect(refusedBySlowMode(info, member(), 0, NOW)).toBeUndefined()
    expect(refusedBySlowMode(info, leader(ADMIN_RIGHTS.other), NOW, NOW)).toBeUndefined()
    expect(refusedBySlowMode(chatOf('supergroup'), member(), NOW, NOW)).toBeUndefined()
  })
})
