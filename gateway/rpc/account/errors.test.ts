import { beforeEach, describe, expect, it } from 'vitest'
import { codeFor, type Rig, signUp, testRig } from '../test-rig.ts'
import { newSettings, proofOf } from './password/client.fixture.ts'
import { MAX_PRIVACY_RULES } from './privacy.ts'

type Someone = Awaited<ReturnType<typeof signUp>>
const PHONE = '+9996680001'
const OTHER = '+9996680002'
const BAD_PHONE = '12'
const EMAIL = 'alice@example.org'
const NOTHING = { _: 'inputCheckPasswordEmpty' } as const
const settings = { _: 'codeSettings' } as const
/** Nobody's. */
const unknownUser = { _: 'inputPeerUser', userId: 4_000, accessHash: 1n } as const
const unknownChannel = { _: 'inputPeerChannel', channelId: 4_000, accessHash: 1n } as const

/** Each method of the namespace `account` raises what its entry in the schema data names. */
describe('errors of account', () => {
  let rig: Rig
  let alice: Someone
  beforeEach(async () => {
    rig = await testRig()
    alice = await signUp(rig, PHONE, 'Alice', '01')
  })

  const refused = (call: Promise<unknown>, error: string) => expect(call).rejects.toThrow(error)
  const asked = () => rig.call('account.getPassword', {}, alice)
  const newPassword = async (email?: string) => {
    const wanted = { ...newSettings(await asked(), 'sesame'), ...(email && { email }) }
    return rig.call('account.updatePasswordSettings', { password: NOTHING, newSettings: wanted }, alice)
  }

  it('sendChangePhoneCode: PHONE_NUMBER_INVALID, PHONE_NUMBER_OCCUPIED', async () => {
    await signUp(rig, OTHER, 'Bob', '02')
    const send = (phoneNumber: string) =>
      rig.call('account.sendChangePhoneCode', { phoneNumber, settings }, alice)
    await refused(send(BAD_PHONE), '406 PHONE_NUMBER_INVALID')
    await refused(send(OTHER), '400 PHONE_NUMBER_OCCUPIED')
  })

  it('changePhone: PHONE_CODE_EMPTY, PHONE_CODE_EXPIRED, PHONE_NUMBER_INVALID, PHONE_NUMBER_OCCUPIED', async () => {
    const sent = await rig.call('account.sendChangePhoneCode', { phoneNumber: OTHER, settings }, alice)
    const phoneCodeHash = 'phoneCodeHash' in sent ? sent.phoneCodeHash : ''
    const phoneCode = rig.codes.at(-1)!
    const change = (more: object) => {
      const call = { phoneNumber: OTHER, phoneCodeHash, phoneCode, ...more }
      return rig.call('account.changePhone', call, alice)
    }
    await refused(change({ phoneCode: '' }), '400 PHONE_CODE_EMPTY')
    await refused(change({ phoneCodeHash: 'other' }), '400 PHONE_CODE_EXPIRED')
    await refused(change({ phoneNumber: BAD_PHONE }), '406 PHONE_NUMBER_INVALID')
    await signUp(rig, OTHER, 'Bob', '02')
    await rig.services.cache.delete(`login-tries:${phoneCodeHash}`)
    await refused(change({}), '400 PHONE_NUMBER_OCCUPIED')
  })

  it('updateProfile: ABOUT_TOO_LONG, FIRSTNAME_INVALID', async () => {
    const update = (change: object) => rig.call('account.updateProfile', change, alice)
    await refused(update({ about: 'x'.repeat(71) }), '400 ABOUT_TOO_LONG')
    await refused(update({ firstName: ' ' }), '400 FIRSTNAME_INVALID')
  })

  it('changeAuthorizationSettings: HASH_INVALID', () =>
    refused(
      rig.call('account.changeAuthorizationSettings', { hash: 5n, confirmed: true }, alice),
      '400 HASH_INVALID',
    ))

  it('resetWebAuthorization: HASH_INVALID', () =>
    refused(rig.call('account.resetWebAuthorization', { hash: 5n }, alice), '400 HASH_INVALID'))

  it('getNotifySettings: PEER_ID_INVALID', () =>
    refused(
      rig.call('account.getNotifySettings', { peer: { _: 'inputNotifyPeer', peer: unknownUser } }, alice),
      '400 PEER_ID_INVALID',
    ))

  it('updateNotifySettings: PEER_ID_INVALID, CHANNEL_INVALID, MSG_ID_INVALID, SETTINGS_INVALID', async () => {
    const own = { _: 'inputPeerSelf' } as const
    const update = (peer: object, muteUntil = 0) => {
      const settings = { _: 'inputPeerNotifySettings', muteUntil } as const
      return rig.call('account.updateNotifySettings', { peer: peer as never, settings }, alice)
    }
    await refused(update({ _: 'inputNotifyPeer', peer: unknownUser }), '400 PEER_ID_INVALID')
    await refused(update({ _: 'inputNotifyPeer', peer: unknownChannel }), '400 CHANNEL_INVALID')
    await refused(update({ _: 'inputNotifyForumTopic', peer: own, topMsgId: 0 }), '400 MSG_ID_INVALID')
    await refused(update({ _: 'inputNotifyUsers' }, -1), '400 SETTINGS_INVALID')
  })

  it('saveAutoSaveSettings: PEER_ID_INVALID', () =>
    refused(
      rig.call(
        'account.saveAutoSaveSettings',
        { peer: unknownUser, settings: { _: 'autoSaveSettings' } },
        alice,
      ),
      '400 PEER_ID_INVALID',
    ))

  it('reportPeer: PEER_ID_INVALID', () =>
    refused(
      rig.call(
        'account.reportPeer',
        { peer: unknownUser, reason: { _: 'inputReportReasonSpam' }, message: '' },
        alice,
      ),
      '400 PEER_ID_INVALID',
    ))

  it('reportProfilePhoto: PEER_ID_INVALID', () =>
    refused(
      rig.call(
        'account.reportProfilePhoto',
        {
          peer: unknownUser,
          photoId: { _: 'inputPhotoEmpty' },
          reason: { _: 'inputReportReasonSpam' },
          message: '',
        },
        alice,
      ),
      '400 PEER_ID_INVALID',
    ))

  it('setPrivacy: PRIVACY_VALUE_INVALID, PRIVACY_TOO_LONG', async () => {
    const set = (count: number) => {
      const rules = Array.from({ length: count }, () => ({ _: 'inputPrivacyValueAllowAll' }) as const)
      return rig.call('account.setPrivacy', { key: { _: 'inputPrivacyKeyPhoneNumber' }, rules }, alice)
    }
    await refused(set(0), '400 PRIVACY_VALUE_INVALID')
    await refused(set(MAX_PRIVACY_RULES + 1), '400 PRIVACY_TOO_LONG')
  })

  it('checkUsername: USERNAME_INVALID', async () => {
    await refused(rig.call('account.checkUsername', { username: 'x' }, alice), '400 USERNAME_INVALID')
  })

  it('updateUsername: USERNAME_INVALID, USERNAME_NOT_MODIFIED', async () => {
    const update = (username: string) => rig.call('account.updateUsername', { username }, alice)
    await refused(update('x'), '400 USERNAME_INVALID')
    await refused(update(''), '400 USERNAME_NOT_MODIFIED')
  })

  it('resetPassword: PASSWORD_EMPTY', () =>
    refused(rig.call('account.resetPassword', {}, alice), '400 PASSWORD_EMPTY'))

  it('getTmpPassword: TMP_PASSWORD_DISABLED, PASSWORD_HASH_INVALID', async () => {
    const get = () => rig.call('account.getTmpPassword', { password: NOTHING, period: 60 }, alice)
    await refused(get(), '400 TMP_PASSWORD_DISABLED')
    await newPassword()
    await refused(get(), '400 PASSWORD_HASH_INVALID')
  })

  it('updatePasswordSettings: SRP_ID_INVALID, SRP_PASSWORD_CHANGED, EMAIL_UNCONFIRMED_5', async () => {
    await newPassword()
    const update = async (password: ReturnType<typeof proofOf>, email?: string) => {
      const wanted = { ...newSettings(await asked(), 'another'), ...(email && { email }) }
      return rig.call('account.updatePasswordSettings', { password, newSettings: wanted }, alice)
    }
    await refused(update({ ...proofOf(await asked(), 'sesame'), srpId: 5n }), '400 SRP_ID_INVALID')
    const stale = proofOf(await asked(), 'sesame')
    await update(proofOf(await asked(), 'sesame'))
    await refused(update(stale), '400 SRP_PASSWORD_CHANGED')
    await refused(update(proofOf(await asked(), 'another'), EMAIL), '400 EMAIL_UNCONFIRMED_5')
  })

  it('confirmPasswordEmail: EMAIL_HASH_EXPIRED, CODE_INVALID', async () => {
    const confirm = (code: string) => rig.call('account.confirmPasswordEmail', { code }, alice)
    await refused(confirm('123456'), '400 EMAIL_HASH_EXPIRED')
    await refused(newPassword(EMAIL), '400 EMAIL_UNCONFIRMED_5')
    await refused(confirm('no code'), '400 CODE_INVALID')
  })

  it('sendVerifyEmailCode: EMAIL_INVALID, EMAIL_NOT_SETUP, PHONE_NUMBER_INVALID, PHONE_HASH_EXPIRED', async () => {
    const stranger = rig.caller(undefined, '02')
    const send = (purpose: object, email: string, who = stranger) =>
      rig.call('account.sendVerifyEmailCode', { purpose: purpose as never, email }, who)
    const change = { _: 'emailVerifyPurposeLoginChange' }
    await refused(send(change, 'nowhere', alice), '400 EMAIL_INVALID')
    const sent = await rig.call('auth.sendCode', codeFor(PHONE), stranger)
    const begun = { phoneNumber: PHONE, phoneCodeHash: 'phoneCodeHash' in sent ? sent.phoneCodeHash : '' }
    const setUp = (change: object, who = stranger) =>
      send({ _: 'emailVerifyPurposeLoginSetup', ...begun, ...change }, EMAIL, who)
    await refused(setUp({ phoneNumber: BAD_PHONE }), '400 PHONE_NUMBER_INVALID')
    for (const phoneCodeHash of ['', 'other', 'x'.repeat(65)])
      await refused(setUp({ phoneCodeHash }), '400 PHONE_HASH_EXPIRED')
    await refused(setUp({ phoneNumber: OTHER }), '400 PHONE_HASH_EXPIRED')
    await refused(setUp({}, alice), '400 PHONE_HASH_EXPIRED')
    await refused(setUp({}), '400 EMAIL_NOT_SETUP')
  })

  it('verifyEmail: EMAIL_VERIFY_EXPIRED, CODE_INVALID', async () => {
    const purpose = { _: 'emailVerifyPurposeLoginChange' } as const
    const verify = () => {
      const verification = { _: 'emailVerificationCode', code: 'no code' } as const
      return rig.call('account.verifyEmail', { purpose, verification }, alice)
    }
    await refused(verify(), '400 EMAIL_VERIFY_EXPIRED')
    await rig.call('account.sendVerifyEmailCode', { purpose, email: EMAIL }, alice)
    await refused(verify(), '400 CODE_INVALID')
  })

  it('deleteAccount: 2FA_CONFIRM_WAIT_604800', async () => {
    await newPassword()
    const remove = rig.call('account.deleteAccount', { reason: 'bye' }, alice)
    await refused(remove, '420 2FA_CONFIRM_WAIT_604800')
  })

  it('registerDevice: TOKEN_EMPTY, TOKEN_TYPE_INVALID, TOKEN_INVALID, WEBPUSH_TOKEN_INVALID, WEBPUSH_KEY_INVALID, WEBPUSH_AUTH_INVALID', async () => {
    const register = (tokenType: number, token: string) => {
      const device = { appSandbox: false, secret: Buffer.alloc(0), otherUids: [] }
      return rig.call('account.registerDevice', { tokenType, token, ...device }, alice)
    }
    const bytes = (length: number) => Buffer.alloc(length, 1).toString('base64url')
    const browser = (endpoint: string, p256dh: string, auth: string) =>
      register(10, JSON.stringify({ endpoint, keys: { p256dh, auth } }))
    const url = 'https://push.example.org/1'
    await refused(register(2, ''), '400 TOKEN_EMPTY')
    await refused(register(0, 'x'), '400 TOKEN_TYPE_INVALID')
    await refused(register(10, 'x'), '400 TOKEN_INVALID')
    await refused(browser('http://x', bytes(65), bytes(16)), '400 WEBPUSH_TOKEN_INVALID')
    await refused(browser(url, bytes(64), bytes(16)), '400 WEBPUSH_KEY_INVALID')
    await refused(browser(url, bytes(65), bytes(15)), '400 WEBPUSH_AUTH_INVALID')
    expect(await browser(url, bytes(65), bytes(16))).toBe(true)
    expect(await register(2, 'x')).toBe(true)
  })

  it('unregisterDevice: TOKEN_INVALID', async () => {
    const call = { tokenType: 2, token: '', otherUids: [] }
    await refused(rig.call('account.unregisterDevice', call, alice), '400 TOKEN_INVALID')
  })

  describe('of wallpapers and themes', () => {
    const wallpaper = { _: 'inputWallPaper', id: 5n, accessHash: 5n } as const
    const theme = { _: 'inputTheme', id: 5n, accessHash: 5n } as const
    const look = { _: 'wallPaperSettings' } as const
    const file = { _: 'inputFile', id: 5n, parts: 1, name: 'x', md5Checksum: '' } as const

    it('getWallPaper: WALLPAPER_INVALID', () =>
      refused(rig.call('account.getWallPaper', { wallpaper }, alice), '400 WALLPAPER_INVALID'))

    it('getMultiWallPapers: WALLPAPER_INVALID', () =>
      refused(
        rig.call('account.getMultiWallPapers', { wallpapers: [wallpaper] }, alice),
        '400 WALLPAPER_INVALID',
      ))

    it('saveWallPaper: WALLPAPER_INVALID', () =>
      refused(
        rig.call('account.saveWallPaper', { wallpaper, unsave: false, settings: look }, alice),
        '400 WALLPAPER_INVALID',
      ))

    it('installWallPaper: WALLPAPER_INVALID', () =>
      refused(
        rig.call('account.installWallPaper', { wallpaper, settings: look }, alice),
        '400 WALLPAPER_INVALID',
      ))

    it('uploadWallPaper: WALLPAPER_MIME_INVALID', () =>
      refused(
        rig.call('account.uploadWallPaper', { file, mimeType: 'text/plain', settings: look }, alice),
        '400 WALLPAPER_MIME_INVALID',
      ))

    it('uploadTheme: THEME_MIME_INVALID', () =>
      refused(
        rig.call('account.uploadTheme', { file, fileName: 'x', mimeType: 'text/plain' }, alice),
        '400 THEME_MIME_INVALID',
      ))

    it('createTheme: THEME_TITLE_INVALID', () =>
      refused(
        rig.call('account.createTheme', { slug: 'a_theme', title: '' }, alice),
        '400 THEME_TITLE_INVALID',
      ))

    it('updateTheme: THEME_INVALID', () =>
      refused(
        rig.call('account.updateTheme', { format: 'tdesktop', theme, title: 'x' }, alice),
        '400 THEME_INVALID',
      ))

    it('getTheme: THEME_FORMAT_INVALID, THEME_INVALID', async () => {
      const get = (format: string) => rig.call('account.getTheme', { format, theme }, alice)
      await refused(get(''), '400 THEME_FORMAT_INVALID')
      await refused(get('tdesktop'), '400 THEME_INVALID')
    })
  })

  it('setAccountTTL, setAuthorizationTTL: TTL_DAYS_INVALID', async () => {
    const ttl = { _: 'accountDaysTTL', days: 1 } as const
    await refused(rig.call('account.setAccountTTL', { ttl }, alice), '400 TTL_DAYS_INVALID')
    const days = { authorizationTtlDays: 0 }
    await refused(rig.call('account.setAuthorizationTTL', days, alice), '400 TTL_DAYS_INVALID')
  })
})
