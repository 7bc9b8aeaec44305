import { checkPrimeSync } from 'node:crypto'
import type { TlType } from '@heliograph/schemas/tl'
import { settings } from '@heliograph/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Rig, signUp, testRig } from '../../test-rig.ts'
import { newSettings, proofOf } from './client.fixture.ts'
import { RESET_DELAY_SECONDS } from './reset.ts'

type Someone = Awaited<ReturnType<typeof signUp>>
const PHONE = '+9996630001'
const SECRET = 'open sesame'
const NOTHING = { _: 'inputCheckPasswordEmpty' } as const

describe('the password of an account', () => {
  let rig: Rig
  let alice: Someone
  beforeEach(async () => {
    rig = await testRig()
    alice = await signUp(rig, PHONE, 'Alice', '01')
  })

  type Asking = ReturnType<Rig['caller']>
  const asked = (who: Asking = alice) => rig.call('account.getPassword', {}, who)
  const update = (
    password: TlType<'InputCheckPasswordSRP'>,
    newOnes: TlType<'account.PasswordInputSettings'>,
  ) => rig.call('account.updatePasswordSettings', { password, newSettings: newOnes }, alice)
  const setPassword = async (secret = SECRET, email?: string) =>
    update(NOTHING, { ...newSettings(await asked(), secret), ...(email !== undefined && { email }) })
  const signIn = async (who: Asking) => {
    const call = { phoneNumber: PHONE, apiId: 1, apiHash: '', settings: { _: 'codeSettings' } as const }
    const sent = await rig.call('auth.sendCode', call, who)
    const phoneCodeHash = 'phoneCodeHash' in sent ? sent.phoneCodeHash : ''
    return rig.call('auth.signIn', { phoneNumber: PHONE, phoneCodeHash, phoneCode: rig.codes.at(-1)! }, who)
  }
  const check = (who: Asking, password: TlType<'InputCheckPasswordSRP'>) =>
    rig.call('auth.checkPassword', { password }, who)

  it('is none at first; what a client needs to set one is valid', async () => {
    const password = await asked(rig.caller())
    expect(password.hasPassword).toBeFalsy()
    const { newAlgo } = password
    if (newAlgo._ !== 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow')
      throw new Error(newAlgo._)
    const prime = BigInt(`0x${Buffer.from(newAlgo.p).toString('hex')}`)
    expect(checkPrimeSync(prime) && checkPrimeSync((prime - 1n) / 2n)).toBe(true)
    // The condition for g = 3 (core.telegram.org/api/srp).
    expect([newAlgo.g, prime % 3n]).toEqual([3, 2n])
    expect(password.secureRandom.length).toBe(256)
  })

  it('is asked for after the code, SESSION_PASSWORD_NEEDED, and logs in when it is proved', async () => {
    await setPassword()
    const other = rig.caller(undefined, '02')
    await expect(signIn(other)).rejects.toThrow('401 SESSION_PASSWORD_NEEDED')
    const row = await rig.services.tables.get(settings, { userId: alice.userId, name: 'password' })
    expect(row?.sealed?.toString('latin1')).not.toContain('the usual')
    const password = await asked(other)
    expect(password).toMatchObject({ hasPassword: true, hasRecovery: false, hint: 'the usual' })
    const authorization = await check(other, proofOf(password, SECRET))
    expect(authorization).toMatchObject({ user: { id: alice.userId, self: true } })
  })

  it('is not proved by another, twice, or from another key: PASSWORD_HASH_INVALID, SRP_ID_INVALID', async () => {
    await setPassword()
    const other = rig.caller(undefined, '02')
    await expect(signIn(other)).rejects.toThrow('SESSION_PASSWORD_NEEDED')
    const wrong = proofOf(await asked(other), 'open barley')
    await expect(check(other, wrong)).rejects.toThrow('PASSWORD_HASH_INVALID')
    const right = proofOf(await asked(other), SECRET)
    const third = rig.caller(undefined, '03')
    await expect(signIn(third)).rejects.toThrow('SESSION_PASSWORD_NEEDED')
    await expect(check(third, right)).rejects.toThrow('SRP_ID_INVALID')
    await expect(check(other, { ...right, M1: right.M1.subarray(1) })).rejects.toThrow(
      'PASSWORD_HASH_INVALID',
    )
    await expect(check(other, right)).rejects.toThrow('SRP_ID_INVALID')
    const bad = { ...proofOf(await asked(other), SECRET), A: Buffer.alloc(256) }
    await expect(check(other, bad)).rejects.toThrow('PASSWORD_HASH_INVALID')
    await expect(check(other, NOTHING)).rejects.toThrow('PASSWORD_HASH_INVALID')
  })

  it('is asked of nobody who has not given a code', async () => {
    await setPassword()
    const stranger = rig.caller(undefined, '04')
    expect((await asked(stranger)).hasPassword).toBeFalsy()
    await expect(check(stranger, NOTHING)).rejects.toThrow('401 AUTH_KEY_UNREGISTERED')
  })

  it('changes for who knows it, and challenges of the former one end: SRP_PASSWORD_CHANGED', async () => {
    await setPassword()
    await expect(update(NOTHING, newSettings(await asked(), 'x'))).rejects.toThrow('PASSWORD_HASH_INVALID')
    const stale = proofOf(await asked(), SECRET)
    const before = await asked()
    await update(proofOf(before, SECRET), newSettings(before, 'another'))
    const call = rig.call('account.getPasswordSettings', { password: stale }, alice)
    await expect(call).rejects.toThrow('SRP_PASSWORD_CHANGED')
    const after = await asked()
    expect(
      await rig.call('account.getPasswordSettings', { password: proofOf(after, 'another') }, alice),
    ).toEqual({
      _: 'account.passwordSettings',
    })
    const password = proofOf(await asked(), 'another')
    const temporary = await rig.call('account.getTmpPassword', { password, period: 9_999_999 }, alice)
    expect(temporary.validUntil).toBe(rig.nowMs / 1000 + 24 * 3600)
  })

  it('is taken away by who knows it', async () => {
    await setPassword()
    const none = {
      _: 'account.passwordInputSettings',
      newAlgo: { _: 'passwordKdfAlgoUnknown' },
      newPasswordHash: Buffer.alloc(0),
      hint: '',
    } as const
    await update(proofOf(await asked(), SECRET), none)
    expect((await asked()).hasPassword).toBeFalsy()
    expect(
      await rig.services.tables.get(settings, { userId: alice.userId, name: 'password' }),
    ).toBeUndefined()
    expect((await signIn(rig.caller(undefined, '02')))._).toBe('auth.authorization')
  })

  it('has settings that make sense, account.updatePasswordSettings: NEW_SETTINGS_EMPTY, NEW_SETTINGS_INVALID, NEW_SALT_INVALID, EMAIL_INVALID', async () => {
    const good = newSettings(await asked(), SECRET)
    const algo = good.newAlgo as Extract<typeof good.newAlgo, { salt1: unknown }>
    const refused = (settings: object, error: string) =>
      expect(update(NOTHING, { _: 'account.passwordInputSettings', ...settings } as never)).rejects.toThrow(
        error,
      )
    await refused({}, 'NEW_SETTINGS_EMPTY')
    await refused({ email: 'a@example.org' }, 'NEW_SETTINGS_INVALID')
    await refused({ ...good, newPasswordHash: Buffer.alloc(256) }, 'NEW_SETTINGS_INVALID')
    await refused({ ...good, newAlgo: { ...algo, g: 2 } }, 'NEW_SETTINGS_INVALID')
    await refused({ ...good, newAlgo: { ...algo, salt1: Buffer.alloc(40) } }, 'NEW_SALT_INVALID')
    await refused({ ...good, newAlgo: { ...algo, salt1: algo.salt1.subarray(0, 8) } }, 'NEW_SALT_INVALID')
    await refused({ ...good, email: 'nowhere' }, 'EMAIL_INVALID')
  })

  it('holds guesses off, whichever keys they come from', async () => {
    const strict = { capacity: 2, refillPerSecond: 1 / 60 }
    rig = await testRig()
    alice = await signUp(rig, PHONE, 'Alice', '01')
    await setPassword()
    const { flood } = rig.services.config as { flood: Record<string, unknown> }
    flood['sign-in'] = strict
    try {
      const guess = async () =>
        rig.call('account.getPasswordSettings', { password: proofOf(await asked(), 'x') }, alice)
      await expect(guess()).rejects.toThrow('PASSWORD_HASH_INVALID')
      await expect(guess()).rejects.toThrow('PASSWORD_HASH_INVALID')
      await expect(guess()).rejects.toThrow(/FLOOD_WAIT/)
    } finally {
      flood['sign-in'] = { capacity: 1_000_000, refillPerSecond: 1_000_000 }
    }
  })

  describe('with an address to recover it', () => {
    const EMAIL = 'alice@example.org'
    const code = () => rig.codes.at(-1)!
    const confirm = (given: string) => rig.call('account.confirmPasswordEmail', { code: given }, alice)

    it('holds once the mailed code is given: EMAIL_UNCONFIRMED_X, CODE_INVALID', async () => {
      await expect(setPassword(SECRET, EMAIL)).rejects.toThrow('EMAIL_UNCONFIRMED_5')
      expect(await asked()).toMatchObject({ emailUnconfirmedPattern: 'a***e@example.org' })
      expect((await asked()).hasPassword).toBeFalsy()
      await expect(confirm('99999')).rejects.toThrow('CODE_INVALID')
      await confirm(code())
      const password = await asked()
      expect(password).toMatchObject({ hasPassword: true, hasRecovery: true })
      expect(password.emailUnconfirmedPattern).toBeUndefined()
      const call = { password: proofOf(password, SECRET) }
      expect(await rig.call('account.getPasswordSettings', call, alice)).toMatchObject({ email: EMAIL })
    })

    it('can be confirmed later, or not at all: EMAIL_HASH_EXPIRED', async () => {
      await expect(confirm('1')).rejects.toThrow('EMAIL_HASH_EXPIRED')
      await expect(setPassword(SECRET, EMAIL)).rejects.toThrow('EMAIL_UNCONFIRMED_5')
      await rig.call('account.resendPasswordEmail', {}, alice)
      await rig.call('account.cancelPasswordEmail', {}, alice)
      for (const method of ['account.resendPasswordEmail', 'account.cancelPasswordEmail'] as const)
        await expect(rig.call(method, {}, alice)).rejects.toThrow('EMAIL_HASH_EXPIRED')
      await expect(confirm(code())).rejects.toThrow('EMAIL_HASH_EXPIRED')
      expect((await asked()).hasPassword).toBeFalsy()
    })

    it('is recovered by a mailed code, which logs in', async () => {
      await setPassword(SECRET, EMAIL).catch(() => undefined)
      await confirm(code())
      const other = rig.caller(undefined, '02')
      await expect(signIn(other)).rejects.toThrow('SESSION_PASSWORD_NEEDED')
      const recovery = await rig.call('auth.requestPasswordRecovery', {}, other)
      expect(recovery).toEqual({ _: 'auth.passwordRecovery', emailPattern: 'a***e@example.org' })
      const given = { code: code() }
      await expect(rig.call('auth.checkRecoveryPassword', { code: '' }, other)).rejects.toThrow('CODE_EMPTY')
      await expect(rig.call('auth.checkRecoveryPassword', { code: '9' }, other)).rejects.toThrow(
        'CODE_INVALID',
      )
      expect(await rig.call('auth.checkRecoveryPassword', given, other)).toBe(true)
      const replaced = { ...given, newSettings: newSettings(await asked(other), 'remembered') }
      const authorization = await rig.call('auth.recoverPassword', replaced, other)
      expect(authorization).toMatchObject({ user: { id: alice.userId } })
      const again = { password: proofOf(await asked(), 'remembered') }
      expect(await rig.call('account.getPasswordSettings', again, alice)).toMatchObject({ email: EMAIL })
      await expect(rig.call('auth.recoverPassword', given, alice)).rejects.toThrow(
        'PASSWORD_RECOVERY_EXPIRED',
      )
    })

    it('cannot be recovered without: PASSWORD_EMPTY, PASSWORD_RECOVERY_NA', async () => {
      const ask = () => rig.call('auth.requestPasswordRecovery', {}, alice)
      await expect(ask()).rejects.toThrow('PASSWORD_EMPTY')
      await setPassword()
      await expect(ask()).rejects.toThrow('PASSWORD_RECOVERY_NA')
    })

    it('mails the code where there is a mailer, and shows it to nobody else', async () => {
      const mails: string[][] = []
      const services = rig.services as { mailer?: unknown }
      services.mailer = { send: async (...mail: string[]) => void mails.push(mail) }
      const shown = rig.codes.length
      await expect(setPassword(SECRET, EMAIL)).rejects.toThrow('EMAIL_UNCONFIRMED_5')
      expect(rig.codes.length).toBe(shown)
      expect(mails).toEqual([
        [EMAIL, expect.stringContaining('12345'), expect.stringContaining('Code: 12345')],
      ])
    })
  })

  describe('that was forgotten', () => {
    const reset = () => rig.call('account.resetPassword', {}, alice)

    it('is taken away some days after that was asked for', async () => {
      await expect(reset()).rejects.toThrow('PASSWORD_EMPTY')
      await setPassword()
      const untilDate = rig.nowMs / 1000 + RESET_DELAY_SECONDS
      expect(await reset()).toEqual({ _: 'account.resetPasswordRequestedWait', untilDate })
      expect((await asked()).pendingResetDate).toBe(untilDate)
      rig.nowMs += (RESET_DELAY_SECONDS - 1) * 1000
      expect((await reset())._).toBe('account.resetPasswordRequestedWait')
      rig.nowMs += 1000
      expect(await reset()).toEqual({ _: 'account.resetPasswordOk' })
      expect((await asked()).hasPassword).toBeFalsy()
    })

    it('stays where its owner objects: RESET_REQUEST_MISSING', async () => {
      await setPassword()
      const decline = () => rig.call('account.declinePasswordReset', {}, alice)
      await expect(decline()).rejects.toThrow('RESET_REQUEST_MISSING')
      await reset()
      await decline()
      expect(await reset()).toEqual({
        _: 'account.resetPasswordFailedWait',
        retryDate: rig.nowMs / 1000 + 24 * 3600,
      })
      rig.nowMs += 24 * 3600 * 1000
      expect((await reset())._).toBe('account.resetPasswordRequestedWait')
    })
  })
})
