import { errorCode, type Result } from '@heliograph/schemas/tl'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshPhone } from '../people.ts'
import { LOGIN_CODE, ServerProcess } from '../server.ts'
import { logIn, peerOf, RawClient, sendText } from './raw-client.ts'

const AUTH_KEY_UNREGISTERED = { code: 401, errorMessage: 'AUTH_KEY_UNREGISTERED' }
const getState = { _: 'updates.getState' }

interface Person {
  readonly client: RawClient
  readonly phone: string
}

describe('what is one account’s own', () => {
  let server: ServerProcess
  const opened: RawClient[] = []

  beforeAll(async () => {
    server = await ServerProcess.start(['--login-code', LOGIN_CODE])
  })
  afterAll(async () => {
    for (const client of opened) client.close()
    await server.dispose()
  })

  async function loggedIn(phone: string, name: string): Promise<RawClient> {
    const client = await RawClient.open(server.endpoints)
    opened.push(client)
    await logIn(client, phone, name, () => LOGIN_CODE)
    return client
  }
  async function person(name: string): Promise<Person> {
    const phone = freshPhone()
    return { phone, client: await loggedIn(phone, name) }
  }

  it('a session that another one ends gets no update and no answer any more, on its open connection', async () => {
    const phone = freshPhone()
    const [stolen, owner] = [await loggedIn(phone, 'Owner'), await loggedIn(phone, 'Owner')]
    const friend = await person('Friend')
    await stolen.call(getState)
    const sessions = await owner.call<Result<'account.getAuthorizations'>>({ _: 'account.getAuthorizations' })
    const other = sessions.authorizations.find(({ current }) => current !== true)
    await owner.call({ _: 'account.resetAuthorization', hash: other?.hash })
    const told = stolen.updates.length
    await sendText(friend.client, await peerOf(friend.client, phone), 'not for thieves', 1n)
    await expect(stolen.call(getState)).rejects.toMatchObject(AUTH_KEY_UNREGISTERED)
    expect(stolen.updates.length).toBe(told)
    const again = await stolen.again(server.endpoints)
    opened.push(again)
    await expect(again.call(getState)).rejects.toMatchObject(AUTH_KEY_UNREGISTERED)
    expect(await owner.call(getState)).toMatchObject({ _: 'updates.state' })
  })

  it('all others end at once when the owner asks for it', async () => {
    const phone = freshPhone()
    const [one, two, owner] = [
      await loggedIn(phone, 'Owner'),
      await loggedIn(phone, 'Owner'),
      await loggedIn(phone, 'Owner'),
    ]
    await owner.call({ _: 'auth.resetAuthorizations' })
    for (const client of [one, two])
      await expect(client.call(getState)).rejects.toMatchObject(AUTH_KEY_UNREGISTERED)
  })

  it('an access hash is worth nothing in the hands of another, in any method', async () => {
    const [owner, thief, target] = [await person('Owner'), await person('Thief'), await person('Target')]
    const peer = await peerOf(owner.client, target.phone)
    const [user, chat] = [
      { _: 'inputUser', ...peer },
      { _: 'inputPeerUser', ...peer },
    ]
    await sendText(owner.client, peer, 'the owner may', 1n)
    const page = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: 0n }
    const thefts = [
      { _: 'messages.sendMessage', peer: chat, message: 'the thief may not', randomId: 2n },
      { _: 'messages.getHistory', peer: chat, ...page },
      { _: 'messages.setTyping', peer: chat, action: { _: 'sendMessageTypingAction' } },
      { _: 'messages.readHistory', peer: chat, maxId: 0 },
      { _: 'messages.getPeerSettings', peer: chat },
      { _: 'users.getFullUser', id: user },
      { _: 'contacts.addContact', id: user, firstName: 'T', lastName: '', phone: '' },
      { _: 'contacts.block', id: chat },
    ]
    for (const call of thefts)
      await expect(thief.client.call(call), call._).rejects.toMatchObject({
        code: errorCode('PEER_ID_INVALID', call._),
        errorMessage: expect.stringMatching(/_ID_INVALID$/),
      })
    const users = await thief.client.call<Result<'users.getUsers'>>({ _: 'users.getUsers', id: [user] })
    expect(users.filter(({ _ }) => _ !== 'userEmpty')).toEqual([])
  })

  it('messages are read, changed and forwarded by their owners only', async () => {
    const [owner, thief, target] = [await person('Owner'), await person('Thief'), await person('Target')]
    await sendText(owner.client, await peerOf(owner.client, target.phone), 'between us', 1n)
    const toTarget = { _: 'inputPeerUser', ...(await peerOf(thief.client, target.phone)) }
    const id = [1, 2, 3]
    const seen = await thief.client.call<Result<'messages.getMessages'>>({
      _: 'messages.getMessages',
      id: id.map((number) => ({ _: 'inputMessageID', id: number })),
    })
    expect(
      JSON.stringify(seen, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain('between us')
    for (const call of [
      { _: 'messages.editMessage', peer: toTarget, id: 1, message: 'changed' },
      {
        _: 'messages.forwardMessages',
        fromPeer: toTarget,
        toPeer: { _: 'inputPeerSelf' },
        id,
        randomId: [1n, 2n, 3n],
      },
    ])
      await expect(thief.client.call(call), call._).rejects.toMatchObject({ code: 400 })
  })
})
