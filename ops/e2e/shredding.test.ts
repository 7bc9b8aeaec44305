import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { privateChatId, type UserId } from '@heliograph/schemas/avro'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import { acquaint, type Member, member } from './people.ts'
import { BINARY, type ServerProcess } from './server.ts'

const run = promisify(execFile)
/** Two servers and two commands are started, one after the other. */
const START_TIMEOUT_MS = 240_000
const ERASED = 'the password is tulip'

describe('a chat, and a user, whose data keys are erased', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  let carol: Member
  let erasedId: number

  const heliograph = (...args: string[]) =>
    run(process.execPath, [BINARY, ...args, '--data', server.data, '--log-level', 'silent'])

  beforeAll(async () => {
    ;({ server, alice, bob } = await startCouple({ acquainted: true }))
    carol = await member(server.endpoints, 'Carol')
    await acquaint(alice, carol)
    await carol.client.sendText(alice.id, 'from Carol')
    await alice.client.sendText(bob.id, ERASED)
    erasedId = (await alice.client.sendText(bob.id, 'and so on')).id
    await alice.client.sendText('me', 'a note of my own')
    const chat = privateChatId(alice.id as UserId, bob.id as UserId)
    await expect(heliograph('keys', 'shred', 'chat', chat, '--reason', 'asked for', '--yes')).rejects.toThrow(
      /is in use by process/,
    )
    await server.stop()
    await heliograph('keys', 'shred', 'chat', chat, '--reason', 'asked for', '--yes')
    await heliograph('keys', 'shred', 'user', `${carol.id}`, '--reason', 'asked for', '--yes')
    await server.restart()
  }, START_TIMEOUT_MS)
  afterAll(async () => {
    await carol?.client.destroy()
    await endCouple({ server, alice, bob })
    expect(server.output.filter((line) => line.includes('fault of ours'))).toEqual([])
  })

  const rawHistory = async (reader: Member, peer: Member) => {
    const history = await reader.client
      .call({
        _: 'messages.getHistory',
        peer: await reader.client.resolvePeer(peer.id),
        offsetId: 0,
        offsetDate: 0,
        addOffset: 0,
        limit: 10,
        maxId: 0,
        minId: 0,
        hash: 0n as never,
      })
      .catch(() => undefined)
    return history !== undefined && 'messages' in history ? history.messages : undefined
  }

  it('has empty messages in its history, and none that can be read', async () => {
    const messages = await eventually('Bob is connected again', async () => rawHistory(bob, alice))
    expect(messages.map(({ _ }) => _)).toEqual(['messageEmpty', 'messageEmpty'])
    expect((await bob.client.getHistory(alice.id, { limit: 10 })).map(({ text }) => text)).not.toContain(
      ERASED,
    )
  })

  it('is still among the dialogs; other chats are as they were', async () => {
    const peers: number[] = []
    for await (const dialog of alice.client.iterDialogs()) peers.push(dialog.peer.id)
    expect(peers).toContain(bob.id)
    const notes = await alice.client.getHistory('me', { limit: 10 })
    expect(notes.map(({ text }) => text)).toContain('a note of my own')
  })

  it('does not turn up in a search, nor in what a client has missed', async () => {
    const found = await bob.client.searchMessages({ chatId: alice.id, query: 'tulip' })
    expect(found.length).toBe(0)
    expect((await bob.client.searchGlobal({ query: 'tulip' })).length).toBe(0)
    const missed = await bob.client.call({ _: 'updates.getDifference', pts: 1, date: 1, qts: 0 })
    if (missed._ !== 'updates.difference') throw new Error(missed._)
    expect(missed.newMessages.filter(({ _ }) => _ === 'messageEmpty').length).toBe(2)
    expect(missed.newMessages.map((each) => 'message' in each && each.message)).not.toContain(ERASED)
  })

  it('cannot be forwarded, which is told', async () => {
    const toMe = { fromChatId: bob.id, messages: [erasedId], toChatId: 'me' }
    await expect(alice.client.forwardMessagesById(toMe)).rejects.toMatchObject({ text: 'MESSAGE_ID_INVALID' })
  })

  it('goes on with a new key', async () => {
    await bob.client.sendText(alice.id, 'let us begin anew')
    const texts = async () => (await alice.client.getHistory(bob.id, { limit: 10 })).map(({ text }) => text)
    await eventually('Alice has it', async () => (await texts()).includes('let us begin anew'))
    expect(await texts()).not.toContain(ERASED)
    const after = await alice.client.replyText(
      (await alice.client.getHistory(bob.id, { limit: 1 }))[0]!,
      'yes',
    )
    expect(after.text).toBe('yes')
  })
  it('shows the user as deleted; what it said stays, and it can go on', async () => {
    const [seen] = await alice.client.getUsers([carol.id])
    expect(seen).toMatchObject({ isDeleted: true })
    expect((await alice.client.getContacts()).map(({ id }) => id)).toContain(bob.id)
    expect((await alice.client.getHistory(carol.id, { limit: 1 }))[0]?.text).toBe('from Carol')
    const me = await eventually('Carol is connected again', () => carol.client.getMe().catch(() => undefined))
    expect(me.id).toBe(carol.id)
    expect((await carol.client.getHistory(alice.id, { limit: 1 }))[0]?.text).toBe('from Carol')
    await carol.client.updateProfile({ firstName: 'Carol again' })
    await eventually(
      'Alice sees an account again',
      async () => (await alice.client.getUsers([carol.id]))[0]?.isDeleted === false,
    )
  })
})
