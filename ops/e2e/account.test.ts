import { SERVICE_USER_ID } from '@heliograph/schemas/avro'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mtcuteClient, mtcuteLogin } from '../clients/mtcute.ts'
import { endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import { acquaint, freshPhone, type Member, member } from './people.ts'
import { LOGIN_CODE, type ServerProcess } from './server.ts'

const textOf = (update: { _: string }) =>
  update._ === 'updateNewMessage'
    ? (update as never as { message: { message: string } }).message.message
    : undefined

describe('accounts, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member

  beforeAll(async () => {
    ;({ server, alice, bob } = await startCouple({ acquainted: false }))
  })
  afterAll(() => endCouple({ server, alice, bob }))

  it('signs in again to the same account, on a second client', async () => {
    const again = await member(server.endpoints, 'Somebody Else', alice.phone)
    expect(again.id).toBe(alice.id)
    expect((await again.client.getMe()).firstName).toBe('Alice')
    await again.client.destroy()
  })

  it('refuses a wrong code and says so', async () => {
    const client = await mtcuteClient(server.endpoints)
    await client.connect()
    const login = mtcuteLogin(client, { phone: alice.phone, firstName: 'x' }, async () => '00000')
    await expect(login).rejects.toMatchObject({ text: 'PHONE_CODE_INVALID' })
    await client.destroy()
  })

  it('refuses a number that cannot be one', async () => {
    const client = await mtcuteClient(server.endpoints)
    await client.connect()
    const login = mtcuteLogin(client, { phone: '+12', firstName: 'x' }, async () => LOGIN_CODE)
    await expect(login).rejects.toMatchObject({ text: 'PHONE_NUMBER_INVALID' })
    await client.destroy()
  })

  it('answers 401 before a log-in', async () => {
    const client = await mtcuteClient(server.endpoints)
    await client.connect()
    await expect(client.call({ _: 'updates.getState' })).rejects.toMatchObject({ code: 401 })
    await client.destroy()
  })

  it('logs out: the session is over, the account is not', async () => {
    const phone = freshPhone()
    const first = await member(server.endpoints, 'Carol', phone)
    await first.client.logOut()
    await expect(first.client.call({ _: 'updates.getState' })).rejects.toMatchObject({ code: 401 })
    await first.client.destroy()
    const second = await member(server.endpoints, 'ignored', phone)
    expect(second.id).toBe(first.id)
    await second.client.destroy()
  })

  it('shows the sessions of an account and ends one of them at once', async () => {
    const other = await member(server.endpoints, 'x', bob.phone)
    const list = await bob.client.call({ _: 'account.getAuthorizations' })
    expect(list.authorizations.length).toBe(2)
    const ended = list.authorizations.find((authorization) => !authorization.current)
    expect(ended).toMatchObject({ unconfirmed: true, ip: '127.0.0.1' })
    await eventually('Bob is asked about the new log-in', () =>
      bob.updates.some(({ _ }) => _ === 'updateNewAuthorization'),
    )
    // Until the message has come, with its sender, the client does not know the service account and cannot ask for its chat.
    await eventually('and told of it by a message', () =>
      bob.updates.some((update) => textOf(update)?.startsWith('New login')),
    )
    const [last] = await bob.client.getHistory(SERVICE_USER_ID, { limit: 1 })
    expect(last?.text).toMatch(/^New login/)
    await bob.client.call({ _: 'account.resetAuthorization', hash: ended!.hash })
    await expect(other.client.call({ _: 'updates.getState' })).rejects.toMatchObject({ code: 401 })
    expect((await bob.client.call({ _: 'account.getAuthorizations' })).authorizations.length).toBe(1)
    await other.client.destroy()
  })

  it('sets name, bio and username, which others see', async () => {
    const username = `alice_${process.pid}`
    await alice.client.updateProfile({ firstName: 'Alicia', lastName: 'Liddell', bio: 'down the hole' })
    await alice.client.setMyUsername(username)
    const seen = await bob.client.getUser(username)
    expect(seen).toMatchObject({ id: alice.id, firstName: 'Alicia', lastName: 'Liddell', username })
    const full = await bob.client.getFullUser(username)
    expect(full.bio).toBe('down the hole')
  })

  it('gives a username to one account only, and frees it again', async () => {
    const username = `single_${process.pid}`
    await alice.client.setMyUsername(username)
    await expect(bob.client.setMyUsername(username.toUpperCase())).rejects.toMatchObject({
      text: 'USERNAME_OCCUPIED',
    })
    await alice.client.setMyUsername(null)
    await bob.client.setMyUsername(username)
    expect((await alice.client.getUser(username)).id).toBe(bob.id)
    await expect(
      alice.client.call({ _: 'contacts.resolveUsername', username: 'nobody_here_x' }),
    ).rejects.toMatchObject({
      text: 'USERNAME_NOT_OCCUPIED',
    })
  })

  it('imports and adds contacts; the name is the one that the owner gave', async () => {
    await acquaint(alice, bob)
    const known = await alice.client.getContacts()
    expect(known.map((user) => user.id)).toContain(bob.id)
    await alice.client.addContact({ userId: bob.id, firstName: 'Bobby', lastName: 'Tables' })
    const renamed = await alice.client.getUser(bob.id)
    expect(renamed).toMatchObject({
      firstName: 'Bobby',
      lastName: 'Tables',
      isContact: true,
      isMutualContact: true,
    })
    expect((await bob.client.getMe()).firstName).toBe('Bob')
    await alice.client.deleteContacts([bob.id])
    await eventually('Bob is no contact any more', async () =>
      (await alice.client.getContacts()).every((user) => user.id !== bob.id),
    )
  })

  it('blocks: the blocked one cannot write', async () => {
    await acquaint(alice, bob)
    await alice.client.blockUser(bob.id)
    await expect(bob.client.sendText(alice.id, 'hello?')).rejects.toMatchObject({ text: 'USER_IS_BLOCKED' })
    await alice.client.unblockUser(bob.id)
    expect((await bob.client.sendText(alice.id, 'hello!')).text).toBe('hello!')
  })

  it("makes an access hash worth nothing in another user's hands", async () => {
    const peer = await alice.client.resolvePeer(bob.id)
    if (peer._ !== 'inputPeerUser') throw new Error(`unexpected ${peer._}`)
    const stranger = await member(server.endpoints, 'Mallory')
    const call = stranger.client.call({
      _: 'messages.sendMessage',
      peer,
      message: 'with a stolen hash',
      randomId: peer.accessHash,
    })
    await expect(call).rejects.toMatchObject({ text: 'PEER_ID_INVALID' })
    await stranger.client.destroy()
  })
})
