import { type AccountUpdate, type BusRecord, privateChatId } from '@heliograph/schemas/avro'
import { userChannel, users } from '@heliograph/storage'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { newAuthorizationUpdate } from '../account/new-authorization.ts'
import { PUBLIC_FLOOD_LIMITS } from '../config.ts'
import { SERVICE_USER_ID } from '../directory/service-user.ts'
import { chatKey, openBody } from '../messages/content.ts'
import { codeFor, type Rig, signUp, testRig } from '../test-rig.ts'

const PHONE = '+9996612345'

describe('logging in', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await testRig({ loginCode: { lifeSeconds: 300, tries: 3 } })
  })

  async function begin(phone = PHONE, name = '01') {
    const caller = rig.caller(undefined, name)
    const sent = await rig.call('auth.sendCode', codeFor(phone), caller)
    if (sent._ !== 'auth.sentCode') throw new Error(`unexpected ${sent._}`)
    const code = rig.codes.at(-1)!
    return { caller, sent, code, attempt: { phoneNumber: phone, phoneCodeHash: sent.phoneCodeHash } }
  }
  const wrong = (code: string) => (code === '00000' ? '00001' : '00000')

  it('asks a new number to sign up, makes the account, and finds it again', async () => {
    const { caller, code, attempt } = await begin()
    expect(code).toMatch(/^\d{5}$/)
    const first = await rig.call('auth.signIn', { ...attempt, phoneCode: code }, caller)
    expect(first._).toBe('auth.authorizationSignUpRequired')
    const name = { firstName: ' Alice ', lastName: '' }
    const made = await rig.call('auth.signUp', { ...attempt, ...name }, caller)
    expect(made).toMatchObject({ user: { _: 'user', self: true, firstName: 'Alice', phone: '9996612345' } })
    const again = await begin(PHONE, '02')
    const known = await rig.call('auth.signIn', { ...again.attempt, phoneCode: again.code }, again.caller)
    expect(known).toMatchObject({ user: { id: (made as { user: { id: number } }).user.id } })
  })

  it('looks the account of a number up once for a code', async () => {
    await signUp(rig, PHONE, 'Alice', '01')
    const read = vi.spyOn(rig.services.tables, 'get')
    await begin(PHONE, '02')
    expect(read.mock.calls.filter(([table]) => table === users)).toHaveLength(1)
  })

  it('keeps neither number nor code nor name in clear in a command', async () => {
    await signUp(rig, PHONE, 'Alice')
    const text = JSON.stringify(rig.commands, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
    const bytes = rig.commands.flatMap(({ record }) => Object.values<unknown>({ ...record }))
    const sealed = bytes.map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : ''))
    const all = text + sealed.join()
    for (const secret of ['9996612345', 'Alice']) expect(all).not.toContain(secret)
  })

  it('gives the same answer for a known and an unknown number', async () => {
    await signUp(rig, PHONE, 'Alice')
    const { phoneCodeHash: _, ...known } = (await begin(PHONE, '02')).sent
    const { phoneCodeHash: __, ...unknown } = (await begin('+9996699999', '03')).sent
    expect(known).toEqual(unknown)
  })

  it('allows few tries, after which even the right code is worth nothing', async () => {
    const { caller, code, attempt } = await begin()
    for (let i = 0; i < 3; i++) {
      const tried = rig.call('auth.signIn', { ...attempt, phoneCode: wrong(code) }, caller)
      await expect(tried).rejects.toMatchObject({ code: 400, errorMessage: 'PHONE_CODE_INVALID' })
    }
    for (let i = 0; i < 2; i++) {
      const late = rig.call('auth.signIn', { ...attempt, phoneCode: code }, caller)
      await expect(late).rejects.toMatchObject({ errorMessage: 'PHONE_CODE_EXPIRED' })
    }
  })

  it('forgets a code after its life', async () => {
    const { caller, code, attempt } = await begin()
    rig.nowMs += 301_000
    const late = rig.call('auth.signIn', { ...attempt, phoneCode: code }, caller)
    await expect(late).rejects.toMatchObject({ errorMessage: 'PHONE_CODE_EXPIRED' })
  })

  it('takes a code from the auth key and for the number that asked only', async () => {
    const { caller, code, attempt } = await begin()
    const stolen = rig.call('auth.signIn', { ...attempt, phoneCode: code }, rig.caller(undefined, '0f'))
    await expect(stolen).rejects.toMatchObject({ errorMessage: 'PHONE_CODE_EXPIRED' })
    const other = { ...attempt, phoneNumber: '+9996699999', phoneCode: code }
    await expect(rig.call('auth.signIn', other, caller)).rejects.toMatchObject({
      errorMessage: 'PHONE_CODE_EXPIRED',
    })
  })

  it('does not let sign up without the right code', async () => {
    const { caller, attempt } = await begin()
    const name = { firstName: 'Mallory', lastName: '' }
    const early = rig.call('auth.signUp', { ...attempt, ...name }, caller)
    await expect(early).rejects.toMatchObject({ errorMessage: 'PHONE_CODE_INVALID' })
  })

  it('sends another code under the same hash, and cancels', async () => {
    const { caller, attempt } = await begin()
    const resent = await rig.call('auth.resendCode', attempt, caller)
    expect(resent).toMatchObject({ phoneCodeHash: attempt.phoneCodeHash })
    expect(rig.codes.length).toBe(2)
    await rig.call('auth.cancelCode', attempt, caller)
    const late = rig.call('auth.signIn', { ...attempt, phoneCode: rig.codes[1]! }, caller)
    await expect(late).rejects.toMatchObject({ errorMessage: 'PHONE_CODE_EXPIRED' })
  })

  it('says what is missing or wrong', async () => {
    const { caller, attempt } = await begin()
    await expect(rig.call('auth.sendCode', codeFor('+12'), caller)).rejects.toMatchObject({
      code: 406,
      errorMessage: 'PHONE_NUMBER_INVALID',
    })
    await expect(rig.call('auth.signIn', { ...attempt, phoneCode: '' }, caller)).rejects.toMatchObject({
      errorMessage: 'PHONE_CODE_EMPTY',
    })
    const noHash = { ...attempt, phoneCodeHash: '', phoneCode: '1' }
    await expect(rig.call('auth.signIn', noHash, caller)).rejects.toMatchObject({
      errorMessage: 'PHONE_CODE_HASH_EMPTY',
    })
  })

  it('holds off who asks for codes without end', async () => {
    rig = await testRig({ flood: PUBLIC_FLOOD_LIMITS })
    const caller = rig.caller()
    for (let i = 0; i < PUBLIC_FLOOD_LIMITS.code.capacity; i++) {
      await rig.call('auth.sendCode', codeFor(PHONE), caller)
    }
    const next = rig.call('auth.sendCode', codeFor(PHONE), caller)
    await expect(next).rejects.toMatchObject({ code: 420, errorMessage: /^FLOOD_WAIT_\d+$/ })
  })

  it('holds off many keys that ask for codes of one number', async () => {
    rig = await testRig({ flood: PUBLIC_FLOOD_LIMITS })
    const { capacity } = PUBLIC_FLOOD_LIMITS.phone
    const ask = (i: number) =>
      rig.call('auth.sendCode', codeFor(PHONE), rig.caller(undefined, `a${i.toString(16)}`))
    for (let i = 0; i < capacity; i++) await ask(i)
    await expect(ask(capacity)).rejects.toMatchObject({ code: 400, errorMessage: 'PHONE_NUMBER_FLOOD' })
  })

  it('shows the code to a session that is already there', async () => {
    const alice = await signUp(rig, PHONE, 'Alice')
    await begin(PHONE, '02')
    await expect.poll(() => rig.commands.filter(({ topic }) => topic === 'chat.commands').length).toBe(1)
    const sent = rig.commands.find(({ topic }) => topic === 'chat.commands')!
    expect(sent).toMatchObject({ key: `u${alice.userId}-777000`, record: { senderId: 777000 } })
  })
})

describe('a new log-in', () => {
  const DEVICE = {
    ...{ apiId: 1, deviceModel: 'Spare phone', systemVersion: '1', appVersion: '7.5', systemLangCode: 'en' },
    ...{ langPack: '', langCode: 'en', address: '192.0.2.7' },
  }
  let rig: Rig
  let alice: Awaited<ReturnType<typeof signUp>>
  let told: AccountUpdate[]
  beforeEach(async () => {
    rig = await testRig()
    alice = await signUp(rig, PHONE, 'Alice')
    told = []
    await rig.services.bus.subscribe(userChannel(alice.userId), (payload) => {
      const record = rig.services.codec.decodeBare<BusRecord>(payload)
      if (record.type === 'AccountUpdate') told.push(record)
    })
  })

  async function signInAgain(name: string) {
    const phone = { ...rig.caller(undefined, name), client: DEVICE, remoteAddress: DEVICE.address }
    const sent = await rig.call('auth.sendCode', codeFor(PHONE), phone)
    if (sent._ !== 'auth.sentCode') throw new Error(`unexpected ${sent._}`)
    const attempt = { phoneNumber: PHONE, phoneCodeHash: sent.phoneCodeHash }
    await rig.call('auth.signIn', { ...attempt, phoneCode: rig.codes.at(-1)! }, phone)
    return { ...phone, userId: alice.userId }
  }
  /** The texts that the service user has sent. */
  async function notices(): Promise<string[]> {
    const chatId = privateChatId(alice.userId, SERVICE_USER_ID)
    const key = await chatKey(rig.services, chatId)
    return rig.commands
      .filter(({ topic }) => topic === 'chat.commands')
      .map(({ record }) =>
        openBody(rig.services, chatId, key, (record as { sealed: Buffer } & typeof record).sealed),
      )
      .map((content) => content?.text ?? '')
  }

  it('is told to the other sessions, with what tells the device, and is theirs to confirm', async () => {
    const phone = await signInAgain('02')
    await expect.poll(async () => (await notices()).at(-1)).toMatch(/^New login/)
    const notice = (await notices()).at(-1)
    expect(notice).toContain('Spare phone')
    expect(notice).toContain('192.0.2.7')
    expect(notice).not.toContain(rig.codes.at(-1))
    expect(told).toMatchObject([{ kind: 'authorization', name: phone.permanentKeyId }])
    const update = () => newAuthorizationUpdate(rig.services, alice.userId, phone.permanentKeyId)
    expect(await update()).toMatchObject({ unconfirmed: true, date: rig.nowMs / 1000 })
    const listed = async () => {
      const list = await rig.call('account.getAuthorizations', {}, alice)
      return list.authorizations.find(({ current }) => !current)!
    }
    const { hash, unconfirmed } = await listed()
    expect(unconfirmed).toBe(true)
    await rig.call('account.changeAuthorizationSettings', { hash, confirmed: true }, alice)
    expect((await listed()).unconfirmed).toBeUndefined()
    expect(await update()).toEqual({ _: 'updateNewAuthorization', hash })
    expect(told.length).toBe(2)
  })

  it('is told to nobody where there is no other session', async () => {
    await rig.call('auth.logOut', {}, alice)
    await signInAgain('02')
    await expect.poll(() => rig.commands.at(-1)?.record.type).toBe('LogInAuthKey')
    expect([await notices(), told]).toEqual([[], []])
  })
})

describe('carrying a log-in over', () => {
  it('logs another key in once', async () => {
    const rig = await testRig()
    const alice = await signUp(rig, PHONE, 'Alice')
    const { id, bytes } = await rig.call('auth.exportAuthorization', { dcId: 2 }, alice)
    const wrongId = rig.call('auth.importAuthorization', { id, bytes: new Uint8Array(32) }, rig.caller())
    await expect(wrongId).rejects.toMatchObject({ errorMessage: 'AUTH_BYTES_INVALID' })
    const imported = await rig.call('auth.importAuthorization', { id, bytes }, rig.caller(undefined, '02'))
    expect(imported).toMatchObject({ user: { id: alice.userId, self: true } })
    const again = rig.call('auth.importAuthorization', { id, bytes }, rig.caller(undefined, '03'))
    await expect(again).rejects.toMatchObject({ errorMessage: 'AUTH_BYTES_INVALID' })
  })

  it('logs in by a token that a logged-in device accepts', async () => {
    const rig = await testRig()
    const alice = await signUp(rig, PHONE, 'Alice')
    const screen = rig.caller(undefined, '02')
    const api = { apiId: 1, apiHash: 'x', exceptIds: [] }
    const asked = await rig.call('auth.exportLoginToken', api, screen)
    if (asked._ !== 'auth.loginToken') throw new Error(`unexpected ${asked._}`)
    await rig.call('auth.acceptLoginToken', { token: asked.token }, alice)
    const twice = rig.call('auth.acceptLoginToken', { token: asked.token }, alice)
    await expect(twice).rejects.toMatchObject({ errorMessage: 'AUTH_TOKEN_ALREADY_ACCEPTED' })
    const list = await rig.call('account.getAuthorizations', {}, alice)
    expect(list.authorizations.length).toBe(2)
  })
})
