import { beforeEach, describe, expect, it } from 'vitest'
import { newSettings, proofOf } from '../account/password/client.fixture.ts'
import { GENEROUS_FLOOD_LIMITS } from '../config.ts'
import { codeFor, type Rig, signUp, testRig } from '../test-rig.ts'

type Someone = Awaited<ReturnType<typeof signUp>>
const PHONE = '+9996670001'
const BAD_PHONE = '12'
const NOTHING = { _: 'inputCheckPasswordEmpty' } as const
const EMAIL = 'alice@example.org'

/** Each method of the namespace `auth` raises what its entry in the schema data names. */
describe('errors of auth', () => {
  let rig: Rig
  let alice: Someone
  let stranger: ReturnType<Rig['caller']>
  beforeEach(async () => {
    rig = await testRig()
    alice = await signUp(rig, PHONE, 'Alice', '01')
    stranger = rig.caller(undefined, '02')
  })

  const refused = (call: Promise<unknown>, error: string) => expect(call).rejects.toThrow(error)
  const begun = async (phoneNumber = PHONE) => {
    const sent = await rig.call('auth.sendCode', codeFor(phoneNumber), stranger)
    return { phoneNumber, phoneCodeHash: 'phoneCodeHash' in sent ? sent.phoneCodeHash : '' }
  }
  const asked = (who = stranger) => rig.call('account.getPassword', {}, who)
  const setPassword = async (email?: string) => {
    const settings = newSettings(await asked(alice), 'sesame')
    const call = { password: NOTHING, newSettings: { ...settings, ...(email && { email }) } }
    return rig.call('account.updatePasswordSettings', call, alice)
  }
  /** The stranger has given the right code, and only the password is missing. */
  const atPassword = async () => {
    const attempt = { ...(await begun()), phoneCode: rig.codes.at(-1)! }
    await refused(rig.call('auth.signIn', attempt, stranger), '401 SESSION_PASSWORD_NEEDED')
  }

  it('sendCode: API_ID_INVALID, PHONE_NUMBER_INVALID', async () => {
    const send = (call: object) => rig.call('auth.sendCode', { ...codeFor(PHONE), ...call }, stranger)
    await refused(send({ apiId: 0 }), '400 API_ID_INVALID')
    await refused(send({ phoneNumber: BAD_PHONE }), '406 PHONE_NUMBER_INVALID')
  })

  it('sendCode: PHONE_MIGRATE_X for who takes the server for another data centre', async () => {
    const from = (dataCentreId: number) =>
      rig.call('auth.sendCode', codeFor(PHONE), { ...stranger, dataCentreId })
    await refused(from(1), '303 PHONE_MIGRATE_2')
    expect(await from(2)).toMatchObject({ _: 'auth.sentCode' })
    rig = await testRig({ otherDataCentreIds: [1] })
    expect(await from(1)).toMatchObject({ _: 'auth.sentCode' })
  })

  it('sendCode: PHONE_PASSWORD_FLOOD while the password of the account may not be guessed at', async () => {
    const guesses = { capacity: 2, refillPerSecond: 1 / 30 }
    rig = await testRig({ flood: { ...GENEROUS_FLOOD_LIMITS, 'sign-in': guesses } })
    alice = await signUp(rig, PHONE, 'Alice', '01')
    await setPassword()
    stranger = rig.caller(undefined, '02')
    await atPassword()
    // What counts here is how often the account is guessed at, whichever keys do it and from wherever.
    const guess = async () => {
      await rig.services.cache.delete(`flood:sign-in:${stranger.permanentKeyId}`)
      await rig.services.cache.delete('flood:sign-in:@127.0.0.1')
      return rig.call('auth.checkPassword', { password: proofOf(await asked(), 'barley') }, stranger)
    }
    for (let i = 0; i < guesses.capacity; i++) await refused(guess(), '400 PASSWORD_HASH_INVALID')
    expect((await begun()).phoneCodeHash).not.toBe('')
    await refused(guess(), '420 FLOOD_WAIT_30')
    await refused(begun(), '406 PHONE_PASSWORD_FLOOD')
    rig.nowMs += 30_000
    expect((await begun()).phoneCodeHash).not.toBe('')
  })

  it('resendCode: PHONE_CODE_HASH_EMPTY, PHONE_CODE_EXPIRED, PHONE_NUMBER_INVALID', async () => {
    const resend = (phoneNumber: string, phoneCodeHash: string) =>
      rig.call('auth.resendCode', { phoneNumber, phoneCodeHash }, stranger)
    await refused(resend(PHONE, ''), '400 PHONE_CODE_HASH_EMPTY')
    await refused(resend(PHONE, 'other'), '400 PHONE_CODE_EXPIRED')
    await refused(resend(BAD_PHONE, 'other'), '406 PHONE_NUMBER_INVALID')
  })

  it('cancelCode: PHONE_CODE_EXPIRED, PHONE_NUMBER_INVALID', async () => {
    const { phoneCodeHash } = await begun()
    const cancel = (phoneNumber: string) =>
      rig.call('auth.cancelCode', { phoneNumber, phoneCodeHash }, stranger)
    await refused(cancel(BAD_PHONE), '406 PHONE_NUMBER_INVALID')
    expect(await cancel(PHONE)).toBe(true)
    await refused(cancel(PHONE), '400 PHONE_CODE_EXPIRED')
  })

  it('resetLoginEmail: PHONE_NUMBER_INVALID, EMAIL_INSTALL_MISSING', async () => {
    const { phoneCodeHash } = await begun()
    const reset = (phoneNumber: string) =>
      rig.call('auth.resetLoginEmail', { phoneNumber, phoneCodeHash }, stranger)
    await refused(reset(BAD_PHONE), '400 PHONE_NUMBER_INVALID')
    await refused(reset(PHONE), '400 EMAIL_INSTALL_MISSING')
  })

  it.each([
    ['auth.cancelCode', 'PHONE_NUMBER_INVALID'],
    ['auth.signIn', 'PHONE_NUMBER_INVALID'],
    ['auth.signUp', 'PHONE_NUMBER_INVALID'],
  ] as const)('%s raises 406 %s for what is no number', async (method, error) => {
    const { phoneCodeHash } = await begun()
    const call = { phoneNumber: BAD_PHONE, phoneCodeHash, phoneCode: '12345', firstName: 'x', lastName: '' }
    await refused(rig.call(method, call, stranger), `406 ${error}`)
  })

  it('signUp: FIRSTNAME_INVALID, LASTNAME_INVALID', async () => {
    const attempt = await begun('+9996670002')
    await rig.call('auth.signIn', { ...attempt, phoneCode: rig.codes.at(-1)! }, stranger)
    const named = (firstName: string, lastName: string) =>
      rig.call('auth.signUp', { ...attempt, firstName, lastName }, stranger)
    await refused(named('  ', ''), '400 FIRSTNAME_INVALID')
    await refused(named('Bob', 'x'.repeat(65)), '400 LASTNAME_INVALID')
  })

  it('checkPassword: PASSWORD_HASH_INVALID, SRP_ID_INVALID, SRP_PASSWORD_CHANGED', async () => {
    await setPassword()
    await atPassword()
    const check = (password: ReturnType<typeof proofOf> | typeof NOTHING) =>
      rig.call('auth.checkPassword', { password }, stranger)
    await refused(check(NOTHING), '400 PASSWORD_HASH_INVALID')
    await refused(check(proofOf(await asked(), 'barley')), '400 PASSWORD_HASH_INVALID')
    await refused(check({ ...proofOf(await asked(), 'sesame'), srpId: 5n }), '400 SRP_ID_INVALID')
    const stale = proofOf(await asked(), 'sesame')
    const own = await asked(alice)
    const change = { password: proofOf(own, 'sesame'), newSettings: newSettings(own, 'another') }
    await rig.call('account.updatePasswordSettings', change, alice)
    await refused(check(stale), '400 SRP_PASSWORD_CHANGED')
  })

  it('recoverPassword: CODE_EMPTY, NEW_SETTINGS_INVALID', async () => {
    await refused(setPassword(EMAIL), '400 EMAIL_UNCONFIRMED_5')
    await rig.call('account.confirmPasswordEmail', { code: rig.codes.at(-1)! }, alice)
    await atPassword()
    await rig.call('auth.requestPasswordRecovery', {}, stranger)
    const code = rig.codes.at(-1)!
    await refused(rig.call('auth.recoverPassword', { code: ' ' }, stranger), '400 CODE_EMPTY')
    const settings = { ...newSettings(await asked(), 'x'), newPasswordHash: Buffer.alloc(256) }
    const recover = rig.call('auth.recoverPassword', { code, newSettings: settings }, stranger)
    await refused(recover, '400 NEW_SETTINGS_INVALID')
  })

  it('importLoginToken: AUTH_TOKEN_INVALIDX, AUTH_TOKEN_INVALID, AUTH_TOKEN_EXPIRED, AUTH_TOKEN_ALREADY_ACCEPTED', async () => {
    const api = { apiId: 1, apiHash: 'x', exceptIds: [] }
    const show = async () => {
      const shown = await rig.call('auth.exportLoginToken', api, stranger)
      return shown._ === 'auth.loginToken' ? shown.token : Buffer.alloc(0)
    }
    const other = rig.caller(undefined, '03')
    const take = (token: Uint8Array) => rig.call('auth.importLoginToken', { token }, other)
    await refused(take(Buffer.from('short')), '400 AUTH_TOKEN_INVALIDX')
    await refused(take(Buffer.alloc(32)), '400 AUTH_TOKEN_INVALIDX')
    const stale = await show()
    await expect(take(stale)).rejects.toMatchObject({ code: 400, errorMessage: 'AUTH_TOKEN_INVALID' })
    rig.nowMs += 30_000
    await refused(take(stale), '400 AUTH_TOKEN_EXPIRED')
    const token = await show()
    await rig.call('auth.acceptLoginToken', { token }, alice)
    await refused(take(token), '400 AUTH_TOKEN_ALREADY_ACCEPTED')
  })

  it('exportAuthorization: DC_ID_INVALID, but for the data centres that clients know', async () => {
    for (const dcId of [0, 6, 77])
      await refused(rig.call('auth.exportAuthorization', { dcId }, alice), '400 DC_ID_INVALID')
    const { id, bytes } = await rig.call('auth.exportAuthorization', { dcId: 1 }, alice)
    const mistaken = { ...stranger, dataCentreId: 1 }
    expect(await rig.call('auth.importAuthorization', { id, bytes }, mistaken)).toMatchObject({
      user: { id: alice.userId },
    })
  })

  it('importAuthorization: AUTH_BYTES_INVALID, USER_ID_INVALID', async () => {
    const { bytes, id } = await rig.call('auth.exportAuthorization', { dcId: 2 }, alice)
    const take = (bytes: Uint8Array, id: bigint) =>
      rig.call('auth.importAuthorization', { id, bytes }, stranger)
    await refused(take(Buffer.alloc(32), id), '400 AUTH_BYTES_INVALID')
    await refused(take(bytes, id + 1n), '400 USER_ID_INVALID')
  })

  it('importBotAuthorization: API_ID_INVALID, ACCESS_TOKEN_INVALID', async () => {
    const bot = (apiId: number) =>
      rig.call(
        'auth.importBotAuthorization',
        { flags: 0, apiId, apiHash: 'x', botAuthToken: '1:secret' },
        stranger,
      )
    await refused(bot(0), '400 API_ID_INVALID')
    await refused(bot(1), '400 ACCESS_TOKEN_INVALID')
  })
})
