import type { UserId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import { dialogs, userChats } from '@heliograph/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { accessHash } from '../access-hash.ts'
import { setOffline, setOnline } from '../presence.ts'
import { type Rig, signUp, testRig } from '../test-rig.ts'
import {
  forwardAuthor,
  mayCall,
  mayInvite,
  requireMaySpeak,
  requireMayWrite,
  requireReadDates,
} from './ask.ts'

type Someone = Awaited<ReturnType<typeof signUp>>

const PHONES = ['+9996620001', '+9996620002'] as const
const NOBODY: TlType<'InputPrivacyRule'>[] = [{ _: 'inputPrivacyValueDisallowAll' }]
const CONTACTS: TlType<'InputPrivacyRule'>[] = [
  { _: 'inputPrivacyValueAllowContacts' },
  { _: 'inputPrivacyValueDisallowAll' },
]

describe('privacy', () => {
  let rig: Rig
  let alice: Someone
  let bob: Someone
  beforeEach(async () => {
    rig = await testRig()
    alice = await signUp(rig, PHONES[0], 'Alice', '01')
    bob = await signUp(rig, PHONES[1], 'Bob', '02')
  })

  const idAndHash = (viewer: Someone, id: UserId) => ({
    userId: id,
    accessHash: accessHash(rig.services.keyring, viewer.userId, 'user', id),
  })
  const input = (viewer: Someone, id: UserId): TlType<'InputUser'> => ({
    _: 'inputUser',
    ...idAndHash(viewer, id),
  })
  const seenBy = async (viewer: Someone, other: Someone) => {
    const [user] = await rig.call('users.getUsers', { id: [input(viewer, other.userId)] }, viewer)
    if (user?._ !== 'user') throw new Error('no user')
    return user
  }
  const pageSeenBy = async (viewer: Someone, other: Someone) =>
    (await rig.call('users.getFullUser', { id: input(viewer, other.userId) }, viewer)).fullUser
  const choose = (who: Someone, key: string, rules: TlType<'InputPrivacyRule'>[]) =>
    rig.call('account.setPrivacy', { key: { _: `inputPrivacyKey${key}` } as never, rules }, who)
  const knows = (owner: Someone, other: Someone, phone = '') =>
    rig.call(
      'contacts.addContact',
      { id: input(owner, other.userId), firstName: 'Known', lastName: '', phone },
      owner,
    )
  const now = () => Math.floor(rig.nowMs / 1000)

  describe('of the last time somebody was there', () => {
    it('is given up in vague forms only', async () => {
      await choose(bob, 'StatusTimestamp', NOBODY)
      await setOnline(rig.services, bob.userId, now())
      expect((await seenBy(alice, bob)).status).toEqual({ _: 'userStatusRecently' })
      const forms = [
        [1, 'userStatusRecently'],
        [4, 'userStatusLastWeek'],
        [8, 'userStatusLastMonth'],
        [31, 'userStatusEmpty'],
      ] as const
      for (const [days, form] of forms) {
        await setOffline(rig.services, bob.userId, now() - days * 86_400)
        expect((await seenBy(alice, bob)).status).toEqual({ _: form })
      }
    })

    it('keeps from those who keep theirs, and says that it is their own doing', async () => {
      await setOnline(rig.services, bob.userId, now())
      expect((await seenBy(alice, bob)).status?._).toBe('userStatusOnline')
      await choose(alice, 'StatusTimestamp', NOBODY)
      expect((await seenBy(alice, bob)).status).toEqual({ _: 'userStatusRecently', byMe: true })
      await choose(alice, 'StatusTimestamp', [
        { _: 'inputPrivacyValueAllowUsers', users: [input(alice, bob.userId)] },
        ...NOBODY,
      ])
      expect((await seenBy(alice, bob)).status?._).toBe('userStatusOnline')
    })

    it('holds in the list of statuses too', async () => {
      await knows(alice, bob)
      await setOnline(rig.services, bob.userId, now())
      const statuses = () => rig.call('contacts.getStatuses', {}, alice)
      expect(await statuses()).toMatchObject([{ status: { _: 'userStatusOnline' } }])
      await choose(bob, 'StatusTimestamp', CONTACTS)
      expect(await statuses()).toMatchObject([{ status: { _: 'userStatusRecently' } }])
      await knows(bob, alice)
      expect(await statuses()).toMatchObject([{ status: { _: 'userStatusOnline' } }])
    })
  })

  describe('of the number', () => {
    it('shows it to contacts, and to whoever had it', async () => {
      expect((await seenBy(alice, bob)).phone).toBeUndefined()
      await knows(bob, alice)
      expect((await seenBy(alice, bob)).phone).toBe(PHONES[1].slice(1))
      await choose(bob, 'PhoneNumber', NOBODY)
      expect((await seenBy(alice, bob)).phone).toBeUndefined()
      await knows(alice, bob, PHONES[1])
      expect((await seenBy(alice, bob)).phone).toBe(PHONES[1].slice(1))
    })

    it('makes an exception for a contact who is added so', async () => {
      await choose(bob, 'PhoneNumber', NOBODY)
      const card = { id: input(bob, alice.userId), firstName: 'A', lastName: '', phone: '' }
      await rig.call('contacts.addContact', { ...card, addPhonePrivacyException: true }, bob)
      expect((await seenBy(alice, bob)).phone).toBe(PHONES[1].slice(1))
    })

    it('keeps those from being found by it who do not want to', async () => {
      const find = () => rig.call('contacts.resolvePhone', { phone: PHONES[1] }, alice)
      expect((await find()).peer).toEqual({ _: 'peerUser', userId: bob.userId })
      await choose(bob, 'AddedByPhone', CONTACTS)
      await expect(find()).rejects.toThrow('PHONE_NOT_OCCUPIED')
      const contacts = [
        { _: 'inputPhoneContact', clientId: 1n, phone: PHONES[1], firstName: 'B', lastName: '' },
      ] as const
      expect((await rig.call('contacts.importContacts', { contacts }, alice)).imported).toEqual([])
      await knows(bob, alice)
      expect((await find()).peer).toEqual({ _: 'peerUser', userId: bob.userId })
    })
  })

  it('of page and birthday holds on the page', async () => {
    await rig.call('account.updateProfile', { about: 'down the hole' }, bob)
    await rig.call('account.updateBirthday', { birthday: { _: 'birthday', day: 29, month: 2 } }, bob)
    expect(await pageSeenBy(alice, bob)).toMatchObject({ about: 'down the hole' })
    expect((await pageSeenBy(alice, bob)).birthday).toBeUndefined()
    await choose(bob, 'About', NOBODY)
    await choose(bob, 'Birthday', [{ _: 'inputPrivacyValueAllowAll' }])
    const page = await pageSeenBy(alice, bob)
    expect(page.about).toBeUndefined()
    expect(page.birthday).toEqual({ _: 'birthday', day: 29, month: 2 })
    expect(await pageSeenBy(bob, bob)).toMatchObject({ about: 'down the hole', birthday: { day: 29 } })
  })

  it('says who may be invited, called, spoken to, and linked to when forwarded', async () => {
    const { services } = rig
    expect(await mayInvite(services, alice.userId, bob.userId)).toBe(true)
    expect(await forwardAuthor(services, alice.userId, bob.userId)).toEqual({ userId: bob.userId })
    for (const key of ['ChatInvite', 'PhoneCall', 'VoiceMessages', 'Forwards'])
      await choose(bob, key, CONTACTS)
    expect(await mayInvite(services, alice.userId, bob.userId)).toBe(false)
    expect(await mayCall(services, alice.userId, bob.userId)).toBe(false)
    await expect(requireMaySpeak(services, alice.userId, bob.userId)).rejects.toThrow(
      'VOICE_MESSAGES_FORBIDDEN',
    )
    expect(await forwardAuthor(services, alice.userId, bob.userId)).toEqual({ name: 'Bob' })
    expect(await pageSeenBy(alice, bob)).toMatchObject({
      voiceMessagesForbidden: true,
      phoneCallsPrivate: true,
      privateForwardName: 'Bob',
    })
    await knows(bob, alice)
    expect(await mayInvite(services, alice.userId, bob.userId)).toBe(true)
    expect(await mayInvite(services, alice.userId, 5 as UserId)).toBe(false)
  })

  it('makes exceptions for those who are in a chat', async () => {
    await choose(bob, 'ChatInvite', [{ _: 'inputPrivacyValueAllowChatParticipants', chats: [77] }, ...NOBODY])
    expect(await mayInvite(rig.services, alice.userId, bob.userId)).toBe(false)
    const row = { userId: alice.userId, chatId: 'c77', date: 1 }
    await rig.services.tables.apply([{ kind: 'upsert', table: userChats, row }], 1_000)
    rig.services.directory.contactsChanged(alice.userId)
    expect(await mayInvite(rig.services, alice.userId, bob.userId)).toBe(true)
  })

  it('names the chats of its rules that the user is in', async () => {
    const row = { userId: bob.userId, chatId: 'g77', date: 1 }
    await rig.services.tables.apply([{ kind: 'upsert', table: userChats, row }], 1_000)
    const rules = { chats: [77, 78], _: 'inputPrivacyValueAllowChatParticipants' } as const
    const chosen = await choose(bob, 'ChatInvite', [rules, ...NOBODY])
    expect(chosen.chats.map(({ id }) => id)).toEqual([77])
  })

  it('lets contacts write alone where that is chosen: PRIVACY_PREMIUM_REQUIRED', async () => {
    const { services } = rig
    const write = async () => requireMayWrite(services, alice.userId, bob.userId)
    const settings = { _: 'globalPrivacySettings', newNoncontactPeersRequirePremium: true } as const
    await write()
    await rig.call('account.setGlobalPrivacySettings', { settings }, bob)
    await expect(write()).rejects.toThrow('PRIVACY_PREMIUM_REQUIRED')
    expect(await seenBy(alice, bob)).toMatchObject({ contactRequirePremium: true })
    const required = () =>
      rig.call('users.getRequirementsToContact', { id: [input(alice, bob.userId)] }, alice)
    expect(await required()).toEqual([{ _: 'requirementToContactPremium' }])
    const row = { userId: bob.userId, peerId: alice.userId }
    await services.tables.apply([{ kind: 'upsert', table: dialogs, row }], 1_000)
    await write()
    await services.tables.apply([{ kind: 'delete', table: dialogs, key: row }], 1_001)
    await knows(bob, alice)
    await write()
    expect(await required()).toEqual([{ _: 'requirementToContactEmpty' }])
  })

  it('keeps the last time from who is blocked', async () => {
    await setOnline(rig.services, bob.userId, now())
    expect((await seenBy(alice, bob)).status?._).toBe('userStatusOnline')
    const peer = { _: 'inputPeerUser', ...idAndHash(bob, alice.userId) } as const
    await rig.call('contacts.block', { id: peer }, bob)
    expect((await seenBy(alice, bob)).status?._).toBe('userStatusRecently')
    await rig.call('contacts.unblock', { id: peer }, bob)
    expect((await seenBy(alice, bob)).status?._).toBe('userStatusOnline')
  })

  it('of read dates goes both ways: YOUR_PRIVACY_RESTRICTED, USER_PRIVACY_RESTRICTED', async () => {
    const ask = () => requireReadDates(rig.services, alice.userId, bob.userId)
    const settings = { _: 'globalPrivacySettings', hideReadMarks: true } as const
    await ask()
    await rig.call('account.setGlobalPrivacySettings', { settings }, bob)
    await expect(ask()).rejects.toThrow('403 USER_PRIVACY_RESTRICTED')
    await rig.call('account.setGlobalPrivacySettings', { settings }, alice)
    await expect(ask()).rejects.toThrow('403 YOUR_PRIVACY_RESTRICTED')
    for (const who of [alice, bob]) {
      const none = { settings: { _: 'globalPrivacySettings' } as const }
      await rig.call('account.setGlobalPrivacySettings', none, who)
    }
    await choose(bob, 'StatusTimestamp', CONTACTS)
    await expect(ask()).rejects.toThrow('USER_PRIVACY_RESTRICTED')
    await knows(bob, alice)
    await ask()
  })

  it('lets nobody write to a deleted account: INPUT_USER_DEACTIVATED', async () => {
    await rig.call('account.deleteAccount', { reason: '' }, bob)
    rig.services.directory.profileChanged(bob.userId)
    const write = async () => requireMayWrite(rig.services, alice.userId, bob.userId)
    await expect(write()).rejects.toThrow('INPUT_USER_DEACTIVATED')
    expect(requireMayWrite(rig.services, alice.userId, -5)).toBeUndefined()
  })

  it('of close friends is for those whom the user names so', async () => {
    await knows(bob, alice)
    await choose(bob, 'ChatInvite', [{ _: 'inputPrivacyValueAllowCloseFriends' }, ...NOBODY])
    expect(await mayInvite(rig.services, alice.userId, bob.userId)).toBe(false)
    await rig.call('contacts.editCloseFriends', { id: [alice.userId, 5] }, bob)
    expect(await mayInvite(rig.services, alice.userId, bob.userId)).toBe(true)
    expect((await seenBy(bob, alice)).closeFriend).toBe(true)
    expect((await seenBy(alice, bob)).closeFriend).toBeUndefined()
  })

  it('is given back as it was chosen, and by default', async () => {
    const read = async (key: string) =>
      (await rig.call('account.getPrivacy', { key: { _: `inputPrivacyKey${key}` } as never }, bob)).rules
    expect(await read('PhoneNumber')).toEqual([
      { _: 'privacyValueAllowContacts' },
      { _: 'privacyValueDisallowAll' },
    ])
    await choose(bob, 'PhoneNumber', NOBODY)
    expect(await read('PhoneNumber')).toEqual([{ _: 'privacyValueDisallowAll' }])
    expect(await read('Forwards')).toEqual([{ _: 'privacyValueAllowAll' }])
  })

  it('refuses what is no set of rules: PRIVACY_VALUE_INVALID, PRIVACY_TOO_LONG', async () => {
    await expect(choose(bob, 'Forwards', [])).rejects.toThrow('PRIVACY_VALUE_INVALID')
    await expect(choose(bob, 'Forwards', Array(11).fill(NOBODY[0]))).rejects.toThrow('PRIVACY_TOO_LONG')
    const chats = Array.from({ length: 21 }, (_, i) => i + 1)
    const named = choose(bob, 'Forwards', [{ _: 'inputPrivacyValueAllowChatParticipants', chats }])
    await expect(named).rejects.toThrow('PRIVACY_TOO_LONG')
  })
})
