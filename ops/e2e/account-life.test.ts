import { Api } from 'telegram'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gramjsClient, gramjsLogin } from '../clients/gramjs.ts'
import { endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import { acquaint, freshPhone, type Member, member } from './people.ts'
import { LOGIN_CODE, type ServerProcess } from './server.ts'

describe('the life of an account', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member

  beforeAll(async () => {
    ;({ server, alice, bob } = await startCouple({ acquainted: true }))
  })
  afterAll(() => endCouple({ server, alice, bob }))

  it('goes on under another number, which its contacts see; the former one is free', async () => {
    const phone = freshPhone()
    const settings = { _: 'codeSettings' } as const
    const sent = await alice.client.call({ _: 'account.sendChangePhoneCode', phoneNumber: phone, settings })
    if (sent._ !== 'auth.sentCode') throw new Error(sent._)
    const code = { phoneCodeHash: sent.phoneCodeHash, phoneCode: LOGIN_CODE }
    const me = await alice.client.call({ _: 'account.changePhone', phoneNumber: phone, ...code })
    expect(me).toMatchObject({ id: alice.id, phone: phone.slice(1) })
    await eventually('Bob is told', () =>
      bob.updates.some((update) => update._ === 'updateUserPhone' && 'phone' in update),
    )
    expect((await bob.client.getUser(alice.id)).phoneNumber).toBe(phone.slice(1))
    const found = await bob.client.call({ _: 'contacts.resolvePhone', phone })
    expect(found.peer).toEqual({ _: 'peerUser', userId: alice.id })
    const other = await member(server.endpoints, 'Carol', alice.phone)
    expect(other.id).not.toBe(alice.id)
    const again = await member(server.endpoints, 'x', phone)
    expect(again.id).toBe(alice.id)
    await other.client.destroy()
    await again.client.destroy()
  })

  it('ends when its owner says so: nobody logs in to it, others see that it is gone', async () => {
    const dora = await member(server.endpoints, 'Dora')
    await acquaint(dora, bob)
    await dora.client.sendText(bob.id, 'farewell')
    const username = `dora_${process.pid}`
    await dora.client.setMyUsername(username)
    const elsewhere = await member(server.endpoints, 'x', dora.phone)
    expect(await dora.client.call({ _: 'account.deleteAccount', reason: 'bye' })).toBe(true)
    for (const { client } of [dora, elsewhere]) {
      await expect(client.call({ _: 'updates.getState' })).rejects.toMatchObject({ code: 401 })
      await client.destroy()
    }
    await eventually('Bob sees it', async () => (await bob.client.getUsers([dora.id]))[0]?.isDeleted)
    expect((await bob.client.getHistory(dora.id, { limit: 1 }))[0]?.text).toBe('farewell')
    await eventually('the name is free', async () => {
      const check = { _: 'account.checkUsername', username } as const
      return bob.client.call(check).catch(() => false)
    })
    const newcomer = await member(server.endpoints, 'Newcomer', dora.phone)
    expect(newcomer.id).not.toBe(dora.id)
    expect((await newcomer.client.getContacts()).length).toBe(0)
    await newcomer.client.destroy()
  })

  it('is announced to who waited for it, by a contact and a message', async () => {
    const phone = freshPhone()
    const imported = await bob.client.importContacts([{ phone, firstName: 'Awaited', lastName: '' }])
    expect(imported.imported.length).toBe(0)
    const newcomer = await member(server.endpoints, 'Frieda', phone)
    await eventually('Frieda is a contact', async () => {
      const contacts = await bob.client.getContacts()
      return contacts.some(({ id, firstName }) => id === newcomer.id && firstName === 'Awaited')
    })
    await newcomer.client.destroy()
  })

  it('can be carried away by a take-out', async () => {
    await bob.client.importContacts([{ phone: freshPhone(), firstName: 'Unborn', lastName: '' }])
    await expect(bob.client.call({ _: 'contacts.getSaved' })).rejects.toMatchObject({
      text: 'TAKEOUT_REQUIRED',
    })
    const { id } = await bob.client.call({ _: 'account.initTakeoutSession', contacts: true })
    const query = { _: 'contacts.getSaved' } as const
    const saved = await bob.client.call({ _: 'invokeWithTakeout', takeoutId: id, query })
    expect(saved).toMatchObject([{ firstName: 'Unborn' }])
    const done = { _: 'account.finishTakeoutSession', success: true } as const
    await bob.client.call({ _: 'invokeWithTakeout', takeoutId: id, query: done })
  })

  it('GramJS: shows birthday, colour and note, and gives a link to itself', async () => {
    const client = await gramjsClient(server.endpoints, 'tcp')
    const phone = freshPhone()
    await gramjsLogin(client, { phone, firstName: 'Greta' }, async () => LOGIN_CODE)
    const me = (await client.getMe()) as Api.User
    const birthday = new Api.Birthday({ day: 1, month: 2, year: 1990 })
    await client.invoke(new Api.account.UpdateBirthday({ birthday }))
    await client.invoke(new Api.account.UpdateColor({ color: 5 }))
    const full = await client.invoke(new Api.users.GetFullUser({ id: 'me' }))
    expect(full.fullUser.birthday).toMatchObject({ day: 1, month: 2, year: 1990 })
    const { url } = await client.invoke(new Api.contacts.ExportContactToken())
    const token = new URL(url).searchParams.get('token')!
    const found = await bob.client.call({ _: 'contacts.importContactToken', token })
    expect(found).toMatchObject({ id: Number(me.id) })
    await client.destroy()
  })
})
