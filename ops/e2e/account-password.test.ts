import type { TelegramClient } from '@mtcute/node'
import { Api } from 'telegram'
import { computeCheck, computeDigest } from 'telegram/Password.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gramjsClient } from '../clients/gramjs.ts'
import { API_HASH, API_ID } from '../clients/introduction.ts'
import { mtcuteClient } from '../clients/mtcute.ts'
import { eventually } from './eventually.ts'
import { freshPhone, type Member, member } from './people.ts'
import { LOGIN_CODE, ServerProcess } from './server.ts'

const SECRET = 'open sesame'

describe('accounts with a password', () => {
  let server: ServerProcess
  let alice: Member
  const open: { destroy(): Promise<void> }[] = []

  beforeAll(async () => {
    server = await ServerProcess.start()
    alice = await member(server.endpoints, 'Alice')
    await alice.client.enableCloudPassword({ password: SECRET, hint: 'the usual' })
  })
  afterAll(async () => {
    await alice?.client.destroy()
    for (const client of open) await client.destroy()
    await server?.dispose()
  })

  const newClient = async () => {
    const client = await mtcuteClient(server.endpoints)
    open.push(client)
    await client.connect()
    return client
  }
  const giveCode = async (client: TelegramClient, phone: string) => {
    const settings = { _: 'codeSettings' } as const
    const api = { apiId: API_ID, apiHash: API_HASH }
    const sent = await client.call({ _: 'auth.sendCode', phoneNumber: phone, ...api, settings })
    if (sent._ !== 'auth.sentCode') throw new Error(sent._)
    const code = { phoneCodeHash: sent.phoneCodeHash, phoneCode: LOGIN_CODE }
    return client.call({ _: 'auth.signIn', phoneNumber: phone, ...code })
  }

  it('mtcute: logs in by code and password, and by no other', async () => {
    const client = await newClient()
    await expect(giveCode(client, alice.phone)).rejects.toMatchObject({ text: 'SESSION_PASSWORD_NEEDED' })
    await expect(client.call({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] })).rejects.toMatchObject({
      code: 401,
    })
    expect(await client.getPasswordHint()).toBe('the usual')
    await expect(client.checkPassword('open barley')).rejects.toMatchObject({ text: 'PASSWORD_HASH_INVALID' })
    const me = await client.checkPassword(SECRET)
    expect(me.id).toBe(alice.id)
    expect((await client.getMe()).id).toBe(alice.id)
  })

  it('GramJS: proves the password, and sets one that mtcute can prove', async () => {
    const client = await gramjsClient(server.endpoints, 'tcp')
    open.push(client)
    await client.connect()
    const phone = freshPhone()
    const sent = await client.sendCode({ apiId: API_ID, apiHash: API_HASH }, phone)
    const code = { phoneNumber: phone, phoneCodeHash: sent.phoneCodeHash }
    await client.invoke(new Api.auth.SignIn({ ...code, phoneCode: LOGIN_CODE }))
    await client.invoke(new Api.auth.SignUp({ ...code, firstName: 'Dora', lastName: '' }))
    await client.updateTwoFaSettings({ newPassword: 'first', hint: 'one' })
    await client.updateTwoFaSettings({ currentPassword: 'first', newPassword: 'second' })
    const password = await client.invoke(new Api.account.GetPassword())
    expect(password.hasPassword).toBe(true)
    const wrong = client.invoke(
      new Api.account.GetPasswordSettings({ password: await computeCheck(password, 'first') }),
    )
    await expect(wrong).rejects.toMatchObject({ errorMessage: 'PASSWORD_HASH_INVALID' })
    expect((await computeDigest(password.newAlgo as never, 'x')).length).toBe(256)
    const other = await newClient()
    await expect(giveCode(other, phone)).rejects.toMatchObject({ text: 'SESSION_PASSWORD_NEEDED' })
    expect((await other.checkPassword('second')).displayName).toBe('Dora')
    await client.updateTwoFaSettings({ currentPassword: 'second' })
    const third = await newClient()
    expect((await giveCode(third, phone))._).toBe('auth.authorization')
  })

  it('recovers a forgotten password by a mailed code', async () => {
    const email = 'bob@example.org'
    const bob = await member(server.endpoints, 'Bob')
    open.push(bob.client)
    const enabled = bob.client.enableCloudPassword({ password: 'forgotten', hint: '', email })
    await expect(enabled).rejects.toMatchObject({ text: 'EMAIL_UNCONFIRMED_%d' })
    await bob.client.verifyPasswordEmail(LOGIN_CODE)
    expect(server.output).toContain(`log-in code for ${email}: ${LOGIN_CODE}`)
    const client = await newClient()
    await expect(giveCode(client, bob.phone)).rejects.toMatchObject({ text: 'SESSION_PASSWORD_NEEDED' })
    expect(await client.sendRecoveryCode()).toBe('b***b@example.org')
    const me = await client.recoverPassword({ recoveryCode: LOGIN_CODE })
    expect(me.id).toBe(bob.id)
    expect((await bob.client.call({ _: 'account.getPassword' })).hasPassword).toBeFalsy()
  })

  it('is logged in to by a QR code, with and without a password', async () => {
    const accept = async (who: Member, url: string) => {
      const token = Buffer.from(new URL(url).searchParams.get('token')!, 'base64url')
      await who.client.call({ _: 'auth.acceptLoginToken', token })
    }
    const logInAs = async (who: Member, password?: string) => {
      const client = await newClient()
      const urls: string[] = []
      const me = await client.signInQr({
        onUrlUpdated: (url) => {
          urls.push(url)
          void accept(who, url)
        },
        ...(password !== undefined && { password }),
      })
      // A token that had run out would have been followed by another: the update told of it.
      expect(urls.length).toBe(1)
      expect(me.id).toBe(who.id)
      return client
    }
    const carol = await member(server.endpoints, 'Carol')
    open.push(carol.client)
    const screen = await logInAs(carol)
    await logInAs(alice, SECRET)
    await eventually('the session is listed', async () => {
      const { authorizations } = await carol.client.call({ _: 'account.getAuthorizations' })
      return authorizations.length === 2
    })
    expect((await screen.getMe()).id).toBe(carol.id)
  })

  it('takes its log-in codes by mail where that is wanted', async () => {
    const email = 'erin@example.org'
    const erin = await member(server.endpoints, 'Erin')
    open.push(erin.client)
    const purpose = { _: 'emailVerifyPurposeLoginChange' } as const
    const sent = await erin.client.call({ _: 'account.sendVerifyEmailCode', purpose, email })
    expect(sent).toMatchObject({ emailPattern: 'e***n@example.org', length: LOGIN_CODE.length })
    const verify = (code: string) =>
      erin.client.call({
        _: 'account.verifyEmail',
        purpose,
        verification: { _: 'emailVerificationCode', code },
      })
    await expect(verify('99999')).rejects.toMatchObject({ text: 'CODE_INVALID' })
    expect(await verify(LOGIN_CODE)).toMatchObject({ email })
    const client = await newClient()
    const code = await client.sendCode({ phone: erin.phone })
    expect((code as { type: string }).type).toBe('email')
  })
})
