import { Api } from 'telegram'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gramjsClient } from '../clients/gramjs.ts'
import { API_HASH, API_ID } from '../clients/introduction.ts'
import { eventually } from './eventually.ts'
import {
  endGramjsCouple,
  type GramjsCouple,
  type GramjsPerson,
  gramjsPerson,
  startGramjsCouple,
} from './gramjs-people.ts'
import { freshPhone } from './people.ts'
import { LOGIN_CODE } from './server.ts'

describe('accounts, seen from GramJS', () => {
  let couple: GramjsCouple
  const open: { destroy(): Promise<void> }[] = []
  const dora = () => couple.dora.client
  const emil = () => couple.emil.client

  beforeAll(async () => {
    couple = await startGramjsCouple()
  })
  afterAll(async () => {
    for (const client of open) await client.destroy()
    await endGramjsCouple(couple)
  })

  const another = async () => {
    const client = await gramjsClient(couple.server.endpoints, 'tcp')
    open.push(client)
    await client.connect()
    return client
  }

  it('are logged in to by a QR code, listed, and ended from elsewhere', async () => {
    const screen = await another()
    const shown = await screen.invoke(
      new Api.auth.ExportLoginToken({ apiId: API_ID, apiHash: API_HASH, exceptIds: [] }),
    )
    const { token } = shown as Api.auth.LoginToken
    await dora().invoke(new Api.auth.AcceptLoginToken({ token }))
    const done = await screen.invoke(
      new Api.auth.ExportLoginToken({ apiId: API_ID, apiHash: API_HASH, exceptIds: [] }),
    )
    expect(done).toBeInstanceOf(Api.auth.LoginTokenSuccess)
    expect(((await screen.getMe()) as Api.User).id.toString()).toBe(couple.dora.me.id.toString())
    const { authorizations } = await dora().invoke(new Api.account.GetAuthorizations())
    expect(authorizations).toHaveLength(2)
    const other = authorizations.find(({ current }) => !current)!
    await dora().invoke(new Api.account.ResetAuthorization({ hash: other.hash }))
    await expect(screen.invoke(new Api.updates.GetState())).rejects.toMatchObject({ code: 401 })
  })

  it('keep what their privacy rules keep', async () => {
    const key = new Api.InputPrivacyKeyStatusTimestamp()
    const rules = [new Api.InputPrivacyValueDisallowAll()]
    await dora().invoke(new Api.account.SetPrivacy({ key, rules }))
    const kept = await dora().invoke(new Api.account.GetPrivacy({ key }))
    expect(kept.rules.map(({ className }) => className)).toEqual(['PrivacyValueDisallowAll'])
    await eventually('Emil sees "recently"', async () => {
      const [seen] = await emil().invoke(new Api.users.GetUsers({ id: [couple.dora.me.id] }))
      return (seen as Api.User).status?.className === 'UserStatusRecently'
    })
  })

  it('have a username, which others find', async () => {
    const username = `dora_gram_${process.pid}`
    expect(await dora().invoke(new Api.account.CheckUsername({ username }))).toBe(true)
    await dora().invoke(new Api.account.UpdateUsername({ username }))
    const found = await emil().invoke(new Api.contacts.ResolveUsername({ username }))
    expect((found.peer as Api.PeerUser).userId.toString()).toBe(couple.dora.me.id.toString())
    const search = await emil().invoke(new Api.contacts.Search({ q: username, limit: 5 }))
    expect(search.users).toHaveLength(1)
  })

  it('go on under another number', async () => {
    const person = await gramjsPerson(couple.server, 'Fay')
    open.push(person.client)
    const phoneNumber = freshPhone()
    const settings = new Api.CodeSettings({})
    const sent = (await person.client.invoke(
      new Api.account.SendChangePhoneCode({ phoneNumber, settings }),
    )) as Api.auth.SentCode
    const user = (await person.client.invoke(
      new Api.account.ChangePhone({
        phoneNumber,
        phoneCodeHash: sent.phoneCodeHash,
        phoneCode: LOGIN_CODE,
      }),
    )) as Api.User
    expect(user.phone).toBe(phoneNumber.replace('+', ''))
  })

  it('end when their owner says so', async () => {
    const gone: GramjsPerson = await gramjsPerson(couple.server, 'Gone')
    open.push(gone.client)
    await gone.client.sendMessage('me', { message: 'the last word' })
    await gone.client.invoke(new Api.account.DeleteAccount({ reason: 'enough' }))
    await expect(gone.client.invoke(new Api.updates.GetState())).rejects.toMatchObject({ code: 401 })
  })
})
