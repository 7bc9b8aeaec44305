import { beforeEach, describe, expect, it } from 'vitest'
import { codeFor, type Rig, signUp, testRig } from '../test-rig.ts'
import { EMAIL_RESET_SECONDS } from './code.ts'
import { addressPattern, isMailAddress } from './mailer.ts'

type Someone = Awaited<ReturnType<typeof signUp>>
const PHONE = '+9996650001'
const EMAIL = 'alice@example.org'
const CHANGE = { _: 'emailVerifyPurposeLoginChange' } as const

describe('mail addresses', () => {
  it('are told from other texts', () => {
    for (const good of [EMAIL, 'a.b+c@mail.example.co']) expect(isMailAddress(good)).toBe(true)
    for (const bad of ['', 'alice', 'a@b', '@example.org', 'a b@example.org', 'a@exa mple.org', 'a@b@c.de'])
      expect(isMailAddress(bad)).toBe(false)
    expect(isMailAddress(`${'a'.repeat(250)}@example.org`)).toBe(false)
  })

  it('are shown in part', () => {
    expect(addressPattern(EMAIL)).toBe('a***e@example.org')
    expect(addressPattern('ab@example.org')).toBe('a***@example.org')
  })
})

describe('log-in codes by mail', () => {
  let rig: Rig
  let alice: Someone
  let mails: string[][]
  beforeEach(async () => {
    rig = await testRig()
    mails = []
    const mailer = { send: async (...mail: string[]) => void mails.push(mail) }
    Object.assign(rig.services, { mailer })
    alice = await signUp(rig, PHONE, 'Alice', '01')
  })

  const ask = (email: string, purpose: object = CHANGE, who: ReturnType<Rig['caller']> = alice) =>
    rig.call('account.sendVerifyEmailCode', { purpose: purpose as never, email }, who)
  const verify = (code: string) =>
    rig.call(
      'account.verifyEmail',
      { purpose: CHANGE, verification: { _: 'emailVerificationCode', code } },
      alice,
    )
  const wantMail = async () => {
    await ask(EMAIL)
    await verify('12345')
  }
  const sendCode = async (who: ReturnType<Rig['caller']>) => {
    const sent = await rig.call('auth.sendCode', codeFor(PHONE), who)
    if (sent._ !== 'auth.sentCode') throw new Error(sent._)
    return sent
  }

  it('need an address that is verified: EMAIL_INVALID, CODE_INVALID, EMAIL_VERIFY_EXPIRED', async () => {
    await expect(verify('12345')).rejects.toThrow('EMAIL_VERIFY_EXPIRED')
    await expect(ask('nowhere')).rejects.toThrow('EMAIL_INVALID')
    expect(await ask(EMAIL)).toMatchObject({ emailPattern: 'a***e@example.org', length: 5 })
    await expect(verify('54321')).rejects.toThrow('CODE_INVALID')
    expect(await verify('12345')).toEqual({ _: 'account.emailVerified', email: EMAIL })
    await expect(verify('12345')).rejects.toThrow('EMAIL_VERIFY_EXPIRED')
    const { loginEmailPattern } = await rig.call('account.getPassword', {}, alice)
    expect(loginEmailPattern).toBe('a***e@example.org')
  })

  it('allow few guesses', async () => {
    await ask(EMAIL)
    for (let i = 0; i < 5; i++) await expect(verify('54321')).rejects.toThrow('CODE_INVALID')
    await expect(verify('12345')).rejects.toThrow('EMAIL_VERIFY_EXPIRED')
  })

  it('are for who is logged in: EMAIL_NOT_SETUP, EMAIL_NOT_ALLOWED', async () => {
    const { phoneCodeHash } = await sendCode(alice)
    const setUp = { _: 'emailVerifyPurposeLoginSetup', phoneNumber: PHONE, phoneCodeHash }
    await expect(ask(EMAIL, setUp)).rejects.toThrow('EMAIL_NOT_SETUP')
    await expect(ask(EMAIL, { _: 'emailVerifyPurposePassport' })).rejects.toThrow('EMAIL_NOT_ALLOWED')
    await expect(ask(EMAIL, CHANGE, rig.caller(undefined, '02'))).rejects.toThrow('AUTH_KEY_UNREGISTERED')
    await ask(EMAIL)
    const verification = { _: 'emailVerificationGoogle', token: 'x' } as const
    const byGoogle = rig.call('account.verifyEmail', { purpose: CHANGE, verification }, alice)
    await expect(byGoogle).rejects.toThrow('EMAIL_NOT_ALLOWED')
  })

  it('log in, and are shown nowhere else', async () => {
    await wantMail()
    const other = rig.caller(undefined, '02')
    const shown = rig.codes.length
    const sent = await sendCode(other)
    expect(sent.type).toEqual({
      _: 'auth.sentCodeTypeEmailCode',
      emailPattern: 'a***e@example.org',
      length: 5,
      resetAvailablePeriod: EMAIL_RESET_SECONDS,
    })
    expect(rig.codes.length).toBe(shown)
    expect(mails.at(-1)?.[0]).toBe(EMAIL)
    const emailVerification = { _: 'emailVerificationCode', code: '12345' } as const
    const call = { phoneNumber: PHONE, phoneCodeHash: sent.phoneCodeHash, emailVerification }
    expect(await rig.call('auth.signIn', call, other)).toMatchObject({ user: { id: alice.userId } })
  })

  it('come by text again some days after that was asked for: EMAIL_INSTALL_MISSING, TASK_ALREADY_EXISTS', async () => {
    const other = rig.caller(undefined, '02')
    const reset = async (hash: string) =>
      rig.call('auth.resetLoginEmail', { phoneNumber: PHONE, phoneCodeHash: hash }, other)
    await expect(reset((await sendCode(other)).phoneCodeHash)).rejects.toThrow('EMAIL_INSTALL_MISSING')
    await wantMail()
    const asked = await reset((await sendCode(other)).phoneCodeHash)
    const resetPendingDate = rig.nowMs / 1000 + EMAIL_RESET_SECONDS
    expect(asked).toMatchObject({ type: { resetPendingDate } })
    await expect(reset((await sendCode(other)).phoneCodeHash)).rejects.toThrow('TASK_ALREADY_EXISTS')
    rig.nowMs += EMAIL_RESET_SECONDS * 1000
    const done = await reset((await sendCode(other)).phoneCodeHash)
    expect(done).toMatchObject({ type: { _: 'auth.sentCodeTypeSms' } })
  })

  it('are not logged where they cannot be mailed, nor is the address', async () => {
    const logged: object[] = []
    const mailer = {
      send: () => Promise.reject(Object.assign(new Error(`no ${EMAIL}`), { code: 'EENVELOPE' })),
    }
    const log = { ...rig.services.log, warn: (fields: object) => void logged.push(fields) }
    Object.assign(rig.services, { mailer, log })
    await ask(EMAIL)
    await expect.poll(() => logged).toEqual([{ reason: 'EENVELOPE' }])
  })
})

describe('a token to log in by', () => {
  const API = { apiId: 1, apiHash: '' }

  it('is good once, shortly, and not for an account that is there already: AUTH_TOKEN_EXPIRED, AUTH_TOKEN_EXCEPTION, AUTH_TOKEN_INVALIDX', async () => {
    const rig = await testRig()
    const alice = await signUp(rig, PHONE, 'Alice', '01')
    const screen = rig.caller(undefined, '02')
    const show = async (exceptIds: bigint[] = []) => {
      const shown = await rig.call('auth.exportLoginToken', { ...API, exceptIds }, screen)
      if (shown._ !== 'auth.loginToken') throw new Error(shown._)
      return shown.token
    }
    const accept = (token: Uint8Array) => rig.call('auth.acceptLoginToken', { token }, alice)
    await expect(accept(Buffer.alloc(32))).rejects.toThrow('AUTH_TOKEN_INVALIDX')
    await expect(accept(await show([BigInt(alice.userId)]))).rejects.toThrow('AUTH_TOKEN_EXCEPTION')
    const stale = await show()
    rig.nowMs += 30_000
    await expect(accept(stale)).rejects.toThrow('AUTH_TOKEN_EXPIRED')
    const api = rig.call('auth.exportLoginToken', { apiId: 0, apiHash: '', exceptIds: [] }, screen)
    await expect(api).rejects.toThrow('API_ID_INVALID')
    const token = Buffer.alloc(32)
    await expect(rig.call('auth.importLoginToken', { token }, screen)).rejects.toThrow('AUTH_TOKEN_INVALID')
    expect((await accept(await show()))._).toBe('authorization')
  })
})
