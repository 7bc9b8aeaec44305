import { privateChatId, SERVICE_USER_ID, type SendMessage, type UserId } from '@heliograph/schemas/avro'
import { authorizations, chatScope, phones, userScope, users } from '@heliograph/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { openBody } from '../messages/content.ts'
import { codeFor, type Rig, signUp, testRig } from '../test-rig.ts'
import { CONFIRM_SECONDS } from './delete.ts'
import { newSettings, proofOf } from './password/client.fixture.ts'
import { dueOf, SWEEP_INTERVAL_SECONDS, sweepInTurn } from './sweep.ts'
import { noteUse } from './use.ts'

type Someone = Awaited<ReturnType<typeof signUp>>
const PHONE = '+9996640001'
const OTHER = '+9996640002'
const DAY_SECONDS = 86_400

describe('an account', () => {
  let rig: Rig
  let alice: Someone
  beforeEach(async () => {
    rig = await testRig()
    alice = await signUp(rig, PHONE, 'Alice', '01')
  })

  const now = () => rig.nowMs / 1000
  const rowOf = (userId: UserId) => rig.services.tables.get(users, { userId })
  const sessionsOf = (userId: UserId) => rig.services.tables.range(authorizations, { userId }, { limit: 9 })
  /** The hash in the link that the account's sessions were sent. */
  const deletionLink = async (userId: UserId): Promise<string> => {
    const sent = rig.commands.findLast(({ record }) => record.type === 'SendMessage')!.record as SendMessage
    const chatId = privateChatId(userId, SERVICE_USER_ID)
    const key = await rig.services.keyring.find(chatScope(chatId))
    return /hash=([0-9a-f]+)/.exec(openBody(rig.services, chatId, key, sent.sealed)!.text)![1]!
  }
  const later = (days: number) => {
    rig.nowMs += days * DAY_SECONDS * 1000
  }

  describe('with another number', () => {
    const askCode = async (phoneNumber: string, who: Someone = alice) => {
      const { settings } = codeFor(phoneNumber)
      const sent = await rig.call('account.sendChangePhoneCode', { phoneNumber, settings }, who)
      return 'phoneCodeHash' in sent ? sent.phoneCodeHash : ''
    }
    const change = (phoneNumber: string, phoneCodeHash: string, phoneCode = rig.codes.at(-1)!) =>
      rig.call('account.changePhone', { phoneNumber, phoneCodeHash, phoneCode }, alice)

    it('is found by it, and the code for it was needed: PHONE_CODE_INVALID, PHONE_CODE_EMPTY, PHONE_CODE_EXPIRED', async () => {
      const hash = await askCode(OTHER)
      await expect(change(OTHER, hash, '99999')).rejects.toThrow('PHONE_CODE_INVALID')
      await expect(change(OTHER, hash, '')).rejects.toThrow('PHONE_CODE_EMPTY')
      await expect(change(OTHER, 'no such hash')).rejects.toThrow('PHONE_CODE_EXPIRED')
      expect(await change(OTHER, hash)).toMatchObject({ id: alice.userId, phone: OTHER.slice(1) })
      const bob = await signUp(rig, '+9996640003', 'Bob', '02')
      const found = await rig.call('contacts.resolvePhone', { phone: OTHER }, bob)
      expect(found.peer).toEqual({ _: 'peerUser', userId: alice.userId })
      await expect(change(OTHER, hash)).rejects.toThrow('PHONE_CODE_EXPIRED')
    })

    it('does not take that of another account: PHONE_NUMBER_OCCUPIED, PHONE_NUMBER_INVALID', async () => {
      await signUp(rig, OTHER, 'Bob', '02')
      await expect(askCode(OTHER)).rejects.toThrow('PHONE_NUMBER_OCCUPIED')
      await expect(askCode('12')).rejects.toThrow('406 PHONE_NUMBER_INVALID')
    })
  })

  describe('that is deleted', () => {
    const remove = (who: Someone, password?: ReturnType<typeof proofOf>) =>
      rig.call('account.deleteAccount', { reason: 'bye', ...(password && { password }) }, who)
    const asked = () => rig.call('account.getPassword', {}, alice)

    it('has no number, sessions, contacts and keys any more, and is shown as deleted', async () => {
      const bob = await signUp(rig, OTHER, 'Bob', '02')
      const contact = { phone: OTHER, firstName: 'B', lastName: '' }
      const contacts = [{ _: 'inputPhoneContact', clientId: 1n, ...contact } as const]
      await rig.call('contacts.importContacts', { contacts }, alice)
      expect(await remove(alice)).toBe(true)
      expect(await rowOf(alice.userId)).toMatchObject({ deletedAt: now(), username: null })
      expect(await sessionsOf(alice.userId)).toEqual([])
      expect(await rig.services.keyring.find(userScope(alice.userId))).toBeUndefined()
      const [view] = await rig.services.directory.views(bob.userId, [alice.userId])
      expect(view).toMatchObject({ facts: { deleted: true }, relation: { knownBy: false } })
      await expect(rig.call('contacts.resolvePhone', { phone: PHONE }, bob)).rejects.toThrow(
        'PHONE_NOT_OCCUPIED',
      )
      const again = await signUp(rig, PHONE, 'Somebody', '03')
      expect(again.userId).not.toBe(alice.userId)
    })

    it('with a password needs that, or time: PASSWORD_HASH_INVALID, 2FA_CONFIRM_WAIT_X', async () => {
      const settings = newSettings(await asked(), 'sesame')
      const none = { _: 'inputCheckPasswordEmpty' } as const
      await rig.call('account.updatePasswordSettings', { password: none, newSettings: settings }, alice)
      await expect(remove(alice, proofOf(await asked(), 'barley'))).rejects.toThrow('PASSWORD_HASH_INVALID')
      await expect(remove(alice)).rejects.toThrow(`420 2FA_CONFIRM_WAIT_${CONFIRM_SECONDS}`)
      rig.nowMs += (CONFIRM_SECONDS - 60) * 1000
      await expect(remove(alice)).rejects.toThrow('2FA_CONFIRM_WAIT_60')
      rig.nowMs += 60_000
      expect(await remove(alice)).toBe(true)
    })

    it('is prevented by its owner, by the link that it is sent: HASH_INVALID, CODE_HASH_INVALID, PHONE_CODE_EMPTY', async () => {
      const settings = newSettings(await asked(), 'sesame')
      const none = { _: 'inputCheckPasswordEmpty' } as const
      await rig.call('account.updatePasswordSettings', { password: none, newSettings: settings }, alice)
      const confirm = (hash: string) =>
        rig.call('account.sendConfirmPhoneCode', { hash, settings: { _: 'codeSettings' } }, alice)
      for (const hash of ['', 'x', '00'.repeat(16)])
        await expect(confirm(hash)).rejects.toThrow('HASH_INVALID')
      await expect(remove(alice)).rejects.toThrow(/2FA_CONFIRM_WAIT/)
      await expect(confirm('00'.repeat(16))).rejects.toThrow('HASH_INVALID')
      const link = await deletionLink(alice.userId)
      const sent = await confirm(link)
      const phoneCodeHash = 'phoneCodeHash' in sent ? sent.phoneCodeHash : ''
      const enter = (hash: string, phoneCode: string) =>
        rig.call('account.confirmPhone', { phoneCodeHash: hash, phoneCode }, alice)
      await expect(enter(phoneCodeHash, '')).rejects.toThrow('PHONE_CODE_EMPTY')
      await expect(enter('other', '12345')).rejects.toThrow('CODE_HASH_INVALID')
      await expect(enter('', '12345')).rejects.toThrow('CODE_HASH_INVALID')
      await expect(enter(phoneCodeHash, '00000')).rejects.toThrow('PHONE_CODE_INVALID')
      expect(await enter(phoneCodeHash, rig.codes.at(-1)!)).toBe(true)
      await expect(confirm(link)).rejects.toThrow('HASH_INVALID')
      rig.nowMs += CONFIRM_SECONDS * 1000
      await expect(remove(alice)).rejects.toThrow(`2FA_CONFIRM_WAIT_${CONFIRM_SECONDS}`)
    })

    it('goes at once where the password is given, which calls off what was asked before', async () => {
      const settings = newSettings(await asked(), 'sesame')
      const none = { _: 'inputCheckPasswordEmpty' } as const
      await rig.call('account.updatePasswordSettings', { password: none, newSettings: settings }, alice)
      await expect(remove(alice)).rejects.toThrow(/2FA_CONFIRM_WAIT/)
      await rig.call('auth.checkPassword', { password: proofOf(await asked(), 'sesame') }, alice)
      rig.nowMs += CONFIRM_SECONDS * 1000
      await expect(remove(alice)).rejects.toThrow(`2FA_CONFIRM_WAIT_${CONFIRM_SECONDS}`)
      expect(await remove(alice, proofOf(await asked(), 'sesame'))).toBe(true)
    })

    it('is nothing to somebody who is not logged in', async () => {
      const stranger = rig.caller(undefined, '09') as Someone
      await expect(remove(stranger)).rejects.toThrow('401 AUTH_KEY_UNREGISTERED')
    })
  })

  describe('that nobody uses', () => {
    it('is due by its row: erased after its time, finished where that was broken off', () => {
      const at = 1_800_000_000
      const row = { deletedAt: null, activeAt: at }
      expect(dueOf(row, at + 29 * DAY_SECONDS)).toBe('nothing')
      expect(dueOf(row, at + 30 * DAY_SECONDS)).toBe('erase')
      expect(dueOf({ deletedAt: null, activeAt: null }, at)).toBe('touch')
      expect(dueOf({ deletedAt: at, activeAt: at }, at + 29 * DAY_SECONDS)).toBe('finish')
      expect(dueOf({ deletedAt: at, activeAt: at }, at + 30 * DAY_SECONDS)).toBe('nothing')
    })

    it('is erased after the days that its owner chose, and not before', async () => {
      await rig.call('account.setAccountTTL', { ttl: { _: 'accountDaysTTL', days: 60 } }, alice)
      later(59)
      await sweepInTurn(rig.services)
      expect((await rowOf(alice.userId))?.deletedAt).toBeNull()
      later(1)
      await sweepInTurn(rig.services)
      expect((await rowOf(alice.userId))?.deletedAt).toBe(now())
      expect(await rig.services.keyring.find(userScope(alice.userId))).toBeUndefined()
      later(1)
      await rig.services.keyring.obtain(userScope(alice.userId))
      await sweepInTurn(rig.services)
      expect(await rig.services.keyring.find(userScope(alice.userId))).toBeUndefined()
    })

    it('loses its idle sessions after the days that its owner chose', async () => {
      await rig.call('account.setAuthorizationTTL', { authorizationTtlDays: 7 }, alice)
      later(6)
      await sweepInTurn(rig.services)
      expect((await sessionsOf(alice.userId)).length).toBe(1)
      later(1)
      await sweepInTurn(rig.services)
      expect(await sessionsOf(alice.userId)).toEqual([])
    })

    it('is looked at by one node at a time', async () => {
      expect(await sweepInTurn(rig.services)).toBe(true)
      expect(await sweepInTurn(rig.services)).toBe(false)
      rig.nowMs += SWEEP_INTERVAL_SECONDS * 1000
      expect(await sweepInTurn(rig.services)).toBe(true)
    })

    it('is known not to be by its use, noted once a day', () => {
      const { services } = rig
      const before = rig.commands.length
      const key = { id: '01'.repeat(8), userId: alice.userId } as never as Parameters<typeof noteUse>[1]
      noteUse(services, key)
      noteUse(services, key)
      const types = () => rig.commands.slice(before).map(({ record }) => record.type)
      expect(types()).toEqual(['TouchAuthKey', 'TouchUser'])
      later(1)
      noteUse(services, key)
      expect(types().length).toBe(4)
    })

    it('has times that make sense: TTL_DAYS_INVALID', async () => {
      const ttl = (days: number) => ({ ttl: { _: 'accountDaysTTL', days } as const })
      await expect(rig.call('account.setAccountTTL', ttl(29), alice)).rejects.toThrow('TTL_DAYS_INVALID')
      const session = rig.call('account.setAuthorizationTTL', { authorizationTtlDays: 0 }, alice)
      await expect(session).rejects.toThrow('TTL_DAYS_INVALID')
    })
  })

  describe('that is carried away', () => {
    it('needs a take-out for what only that gives: TAKEOUT_REQUIRED, TAKEOUT_INVALID', async () => {
      const contact = { phone: '+9996640009', firstName: 'N', lastName: '' }
      const contacts = [{ _: 'inputPhoneContact', clientId: 1n, ...contact } as const]
      await rig.call('contacts.importContacts', { contacts }, alice)
      await expect(rig.call('contacts.getSaved', {}, alice)).rejects.toThrow('403 TAKEOUT_REQUIRED')
      await expect(rig.call('account.finishTakeoutSession', {}, alice)).rejects.toThrow('TAKEOUT_REQUIRED')
      const { id } = await rig.call('account.initTakeoutSession', {}, alice)
      const inside = { ...alice, takeoutId: id }
      const saved = await rig.call('contacts.getSaved', {}, inside)
      expect(saved).toMatchObject([{ phone: '9996640009', firstName: 'N' }])
      const wrong = { ...alice, takeoutId: id + 1n }
      await expect(rig.call('contacts.getSaved', {}, wrong)).rejects.toThrow('400 TAKEOUT_INVALID')
      expect(await rig.call('account.finishTakeoutSession', { success: true }, inside)).toBe(true)
      await expect(rig.call('contacts.getSaved', {}, inside)).rejects.toThrow('TAKEOUT_INVALID')
    })
  })

  describe('that somebody has got into', () => {
    it('is not taken from its older sessions: FRESH_RESET_AUTHORISATION_FORBIDDEN, FRESH_CHANGE_PHONE_FORBIDDEN, TAKEOUT_INIT_DELAY_X', async () => {
      const strict = { ...rig.services.config, freshSessionSeconds: DAY_SECONDS }
      Object.assign(rig.services, { config: strict })
      later(2)
      const thief = rig.caller(undefined, '0a')
      const { bytes, id } = await rig.call('auth.exportAuthorization', { dcId: 2 }, alice)
      await rig.call('auth.importAuthorization', { id, bytes }, thief)
      const inside = { ...thief, userId: alice.userId } as Someone
      const { authorizations: list } = await rig.call('account.getAuthorizations', {}, inside)
      const hash = list.find(({ current }) => !current)!.hash
      const fresh = '406 FRESH_RESET_AUTHORISATION_FORBIDDEN'
      await expect(rig.call('account.resetAuthorization', { hash }, inside)).rejects.toThrow(fresh)
      await expect(rig.call('auth.resetAuthorizations', {}, inside)).rejects.toThrow(fresh)
      const ttl = { authorizationTtlDays: 7 }
      await expect(rig.call('account.setAuthorizationTTL', ttl, inside)).rejects.toThrow(fresh)
      const { settings } = codeFor(OTHER)
      const changing = rig.call('account.sendChangePhoneCode', { phoneNumber: OTHER, settings }, inside)
      await expect(changing).rejects.toThrow('406 FRESH_CHANGE_PHONE_FORBIDDEN')
      const takeout = rig.call('account.initTakeoutSession', {}, inside)
      await expect(takeout).rejects.toThrow(`420 TAKEOUT_INIT_DELAY_${DAY_SECONDS}`)
      expect(await rig.call('account.setAuthorizationTTL', ttl, alice)).toBe(true)
      later(1)
      expect(await rig.call('account.resetAuthorization', { hash }, inside)).toBe(true)
    })
  })

  it('is among the contacts of who had its number, from its sign-up on', async () => {
    const contact = { phone: OTHER, firstName: 'Bobby', lastName: '' }
    const contacts = [{ _: 'inputPhoneContact', clientId: 1n, ...contact } as const]
    const imported = await rig.call('contacts.importContacts', { contacts }, alice)
    expect(imported.imported).toEqual([])
    const list = () => rig.call('contacts.getContacts', { hash: 0n }, alice)
    expect(await list()).toMatchObject({ contacts: [], savedCount: 1 })
    const bob = await signUp(rig, OTHER, 'Bob', '02')
    await expect.poll(list).toMatchObject({ contacts: [{ userId: bob.userId }], savedCount: 0 })
    await expect
      .poll(() => rig.commands.find(({ record }) => record.type === 'SendMessage')?.record)
      .toMatchObject({ senderId: bob.userId, silent: false, extra: { kinds: ['contactSignUp'] } })
    expect(await rig.services.tables.range(phones, { phoneHmac: '' }, { limit: 1 })).toEqual([])
  })

  it('calls a code off that its owner was about to give away', async () => {
    const other = rig.caller(undefined, '02')
    const sent = await rig.call('auth.sendCode', codeFor(PHONE), other)
    const phoneCodeHash = 'phoneCodeHash' in sent ? sent.phoneCodeHash : ''
    const code = { phoneNumber: PHONE, phoneCodeHash, phoneCode: rig.codes.at(-1)! }
    const missing = { phoneNumber: PHONE, phoneCodeHash, mnc: '' }
    expect(await rig.call('auth.reportMissingCode', missing, other)).toBe(true)
    await rig.call('account.invalidateSignInCodes', { codes: ['00000'] }, alice)
    expect(await rig.call('auth.reportMissingCode', missing, other)).toBe(true)
    await rig.call('account.invalidateSignInCodes', { codes: [code.phoneCode] }, alice)
    await expect(rig.call('auth.signIn', code, other)).rejects.toThrow('PHONE_CODE_EXPIRED')
  })

  it('keeps what its clients download and save by themselves', async () => {
    const read = () => rig.call('account.getAutoDownloadSettings', {}, alice)
    const before = await read()
    const settings = { ...before.low, photoSizeMax: 7 }
    await rig.call('account.saveAutoDownloadSettings', { low: true, settings }, alice)
    expect(await read()).toEqual({ ...before, low: settings })
    const saved = { _: 'autoSaveSettings', photos: true } as const
    const peer = { _: 'inputPeerSelf' } as const
    await rig.call('account.saveAutoSaveSettings', { users: true, peer, settings: saved }, alice)
    const list = () => rig.call('account.getAutoSaveSettings', {}, alice)
    expect(await list()).toMatchObject({
      usersSettings: saved,
      chatsSettings: { _: 'autoSaveSettings' },
      exceptions: [{ peer: { userId: alice.userId }, settings: saved }],
    })
    await rig.call('account.deleteAutoSaveExceptions', {}, alice)
    expect(await list()).toMatchObject({ usersSettings: saved, exceptions: [] })
  })

  it('has one username, in the only order: USERNAME_NOT_MODIFIED, ORDER_INVALID, USERNAME_INVALID', async () => {
    await rig.call('account.updateUsername', { username: 'alice_here' }, alice)
    const order = (...names: string[]) => rig.call('account.reorderUsernames', { order: names }, alice)
    await expect(order('alice_here')).rejects.toThrow('USERNAME_NOT_MODIFIED')
    await expect(order('alice_here', 'other')).rejects.toThrow('ORDER_INVALID')
    const toggle = (username: string, active: boolean) =>
      rig.call('account.toggleUsername', { username, active }, alice)
    await expect(toggle('alice_here', true)).rejects.toThrow('USERNAME_NOT_MODIFIED')
    await expect(toggle('other_name', true)).rejects.toThrow('USERNAME_INVALID')
  })

  it('shows a birthday that there is: BIRTHDAY_INVALID, COLOR_INVALID, COLLECTIBLE_INVALID, DOCUMENT_INVALID', async () => {
    const set = (day: number, month: number, year?: number) =>
      rig.call(
        'account.updateBirthday',
        { birthday: { _: 'birthday', day, month, ...(year !== undefined && { year }) } },
        alice,
      )
    for (const [day, month, year] of [
      [30, 2],
      [29, 2, 2001],
      [0, 1],
      [1, 13],
      [1, 1, 2999],
    ] as const)
      await expect(set(day, month, year)).rejects.toThrow('BIRTHDAY_INVALID')
    const today = new Date(rig.nowMs)
    await set(today.getUTCDate(), today.getUTCMonth() + 1)
    const color = { _: 'peerColor', color: 5 } as const
    await rig.call('account.updateColor', { color }, alice)
    const unknown = rig.call('account.updateColor', { color: { ...color, color: 99 } }, alice)
    await expect(unknown).rejects.toThrow('COLOR_INVALID')
    const status = (emojiStatus: object) =>
      rig.call('account.updateEmojiStatus', { emojiStatus: emojiStatus as never }, alice)
    await status({ _: 'emojiStatus', documentId: 7n })
    await expect(status({ _: 'emojiStatus', documentId: 0n })).rejects.toThrow('DOCUMENT_INVALID')
    const collectible = { _: 'inputEmojiStatusCollectible', collectibleId: 1n }
    await expect(status(collectible)).rejects.toThrow('COLLECTIBLE_INVALID')
    const [me] = await rig.call('users.getUsers', { id: [{ _: 'inputUserSelf' }] }, alice)
    expect(me).toMatchObject({ color, emojiStatus: { documentId: 7n } })
    const bob = await signUp(rig, OTHER, 'Bob', '02')
    const contacts = [
      { _: 'inputPhoneContact', clientId: 1n, phone: PHONE, firstName: 'A', lastName: '' } as const,
    ]
    await rig.call('contacts.importContacts', { contacts }, bob)
    const birthdays = () => rig.call('contacts.getBirthdays', {}, bob)
    expect((await birthdays()).contacts).toEqual([])
    const rules = [{ _: 'inputPrivacyValueAllowAll' } as const]
    await rig.call('account.setPrivacy', { key: { _: 'inputPrivacyKeyBirthday' }, rules }, alice)
    expect((await birthdays()).contacts).toMatchObject([{ contactId: alice.userId }])
  })
})
