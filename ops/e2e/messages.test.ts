import { html } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import type { Member } from './people.ts'
import type { ServerProcess } from './server.ts'

describe('messages, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member

  beforeAll(async () => {
    ;({ server, alice, bob } = await startCouple({ acquainted: true }))
  })
  afterAll(() => endCouple({ server, alice, bob }))

  const textsOf = async (reader: Member, peer: number | 'me', limit = 100) =>
    (await reader.client.getHistory(peer, { limit })).map((message) => message.text)

  /** The mailbox of the peer is written by itself: a little before or after the sender has its answer. */
  const lastOf = (reader: Member, peer: number, text: string) =>
    eventually(`"${text}" is the last message`, async () => {
      const [last] = await reader.client.getHistory(peer, { limit: 1 })
      return last?.text === text ? last : undefined
    })

  it('arrive at the peer while it is connected', async () => {
    const arrived: string[] = []
    bob.client.onNewMessage.add((message) => {
      arrived.push(message.text)
    })
    const sent = await alice.client.sendText(bob.id, 'hello Bob')
    expect(sent).toMatchObject({ text: 'hello Bob', isOutgoing: true })
    await eventually('Bob sees the message', () => arrived.includes('hello Bob'))
    const [seen] = await bob.client.getHistory(alice.id, { limit: 1 })
    expect(seen).toMatchObject({ text: 'hello Bob', isOutgoing: false })
    expect(seen?.sender.id).toBe(alice.id)
  })

  it('are answered, with a quote of the original', async () => {
    const question = await alice.client.sendText(bob.id, 'how are you?')
    await bob.client.replyText(await lastOf(bob, alice.id, 'how are you?'), 'fine')
    const answer = await lastOf(alice, bob.id, 'fine')
    expect(answer.replyToMessage?.id).toBe(question.id)
  })

  it('are edited, for both sides', async () => {
    const sent = await alice.client.sendText(bob.id, 'teh typo')
    await alice.client.editMessage({ chatId: bob.id, message: sent.id, text: 'the typo' })
    const edited = await lastOf(bob, alice.id, 'the typo')
    expect(edited.editDate).toBeInstanceOf(Date)
    const same = alice.client.editMessage({ chatId: bob.id, message: sent.id, text: 'the typo' })
    await expect(same).rejects.toMatchObject({ text: 'MESSAGE_NOT_MODIFIED' })
    const foreign = bob.client.editMessage({ chatId: alice.id, message: edited.id, text: 'mine now' })
    await expect(foreign).rejects.toMatchObject({ text: 'MESSAGE_AUTHOR_REQUIRED' })
  })

  it('are deleted for both sides, or for oneself alone', async () => {
    const both = await alice.client.sendText(bob.id, 'delete me everywhere')
    const mine = await alice.client.sendText(bob.id, 'delete me here')
    await alice.client.deleteMessagesById(bob.id, [both.id], { revoke: true })
    await alice.client.deleteMessagesById(bob.id, [mine.id], { revoke: false })
    await eventually('one is gone for Bob too', async () => {
      const texts = await textsOf(bob, alice.id)
      return !texts.includes('delete me everywhere') && texts.includes('delete me here')
    })
    const left = await textsOf(alice, bob.id)
    expect(left).not.toContain('delete me everywhere')
    expect(left).not.toContain('delete me here')
  })

  it('are forwarded, naming their author', async () => {
    const original = await alice.client.sendText(bob.id, 'pass it on')
    const received = await lastOf(bob, alice.id, 'pass it on')
    const [copy] = await bob.client.forwardMessagesById({
      fromChatId: alice.id,
      messages: [received.id],
      toChatId: 'me',
    })
    expect(copy?.text).toBe('pass it on')
    expect(copy?.forward?.sender).toMatchObject({ id: alice.id })
    expect(original.forward).toBeNull()
  })

  it('to oneself are Saved Messages', async () => {
    await alice.client.sendText('me', 'note to self')
    const [note] = await alice.client.getHistory('me', { limit: 1 })
    expect(note?.text).toBe('note to self')
    const [dialog] = await alice.client.getPeerDialogs('me')
    expect(dialog?.unreadCount).toBe(0)
  })

  it('keep every kind of entity', async () => {
    const sent = await alice.client.sendText(
      bob.id,
      html`<b>bold</b> <i>italic</i> <u>under</u> <s>struck</s> <spoiler>hidden</spoiler> <code>code</code>
        <pre language="ts">let a</pre> <a href="https://example.com/">link</a> <blockquote>quote</blockquote> 🧑‍🚀 <b>after</b>`,
    )
    const kinds = (message: { entities: readonly { kind: string }[] }) =>
      message.entities.map(({ kind }) => kind)
    const seen = await lastOf(bob, alice.id, sent.text)
    expect(kinds(seen)).toEqual(kinds(sent))
    const expected = [
      'bold',
      'italic',
      'underline',
      'strikethrough',
      'spoiler',
      'code',
      'pre',
      'text_link',
      'blockquote',
    ]
    expect(kinds(seen)).toEqual(expect.arrayContaining(expected))
    const after = seen.entities.at(-1)!
    expect(seen.text.slice(after.offset, after.offset + after.length)).toBe('after')
  })

  it('have links, mentions and tags found by the server where the client marks none', async () => {
    const message = 'see https://example.com/x, @someone_else and #tag or mail a@example.com'
    await alice.client.call({
      _: 'messages.sendMessage',
      peer: await alice.client.resolvePeer(bob.id),
      message,
      randomId: (await import('long')).default.fromNumber(Date.now()),
    })
    const seen = await lastOf(bob, alice.id, message)
    expect(seen.entities.map(({ kind }) => kind)).toEqual(['url', 'mention', 'hashtag', 'email'])
  })

  it('are refused when empty or too long', async () => {
    await expect(alice.client.sendText(bob.id, '   ')).rejects.toMatchObject({ text: 'MESSAGE_EMPTY' })
    await expect(alice.client.sendText(bob.id, 'x'.repeat(4097))).rejects.toMatchObject({
      text: 'MESSAGE_TOO_LONG',
    })
    expect((await alice.client.sendText(bob.id, 'x'.repeat(4096))).text.length).toBe(4096)
  })

  it('sent at once arrive in the order of sending, once each', async () => {
    const texts = Array.from({ length: 100 }, (_, i) => `burst ${i}`)
    const sent = await Promise.all(texts.map((text) => alice.client.sendText(bob.id, text)))
    expect(new Set(sent.map(({ id }) => id)).size).toBe(texts.length)
    const seen = await eventually('all arrived', async () => {
      const history = await bob.client.getHistory(alice.id, { limit: 100 })
      return history.length === 100 && history[0]?.text === 'burst 99' ? history : undefined
    })
    expect(seen.map(({ text }) => text).reverse()).toEqual(texts)
  })

  it('are sent once however often the client repeats the request', async () => {
    const peer = await alice.client.resolvePeer(bob.id)
    const Long = (await import('long')).default
    const call = {
      _: 'messages.sendMessage',
      peer,
      message: 'only once',
      randomId: Long.fromString('424242424242'),
    } as const
    const first = await alice.client.call(call)
    const second = await alice.client.call(call)
    const idOf = (answer: typeof first) =>
      answer._ === 'updates' ? answer.updates.find((update) => update._ === 'updateMessageID')?.id : undefined
    expect(idOf(second)).toBe(idOf(first))
    await lastOf(bob, alice.id, 'only once')
    expect((await textsOf(bob, alice.id)).filter((text) => text === 'only once').length).toBe(1)
  })

  it('page backwards and forwards through a long history', async () => {
    for (let i = 0; i < 45; i++) await alice.client.sendText('me', `page ${i}`)
    const seen: string[] = []
    for await (const message of alice.client.iterHistory('me', { chunkSize: 10, limit: 45 }))
      seen.push(message.text)
    expect(seen).toEqual(Array.from({ length: 45 }, (_, i) => `page ${44 - i}`))
    const middle = (await alice.client.getHistory('me', { limit: 45 }))[20]!
    const around = await alice.client.getHistory('me', {
      offset: { id: middle.id, date: 0 },
      addOffset: -3,
      limit: 6,
    })
    expect(around.map(({ text }) => text)).toEqual([26, 25, 24, 23, 22, 21].map((i) => `page ${i}`))
  })

  it('are read and deleted, all of them, up to the greatest id that there can be', async () => {
    const maxId = 2 ** 31 - 1
    await alice.client.sendText(bob.id, 'unread')
    await lastOf(bob, alice.id, 'unread')
    const peer = await bob.client.resolvePeer(alice.id)
    await bob.client.call({ _: 'messages.readHistory', peer, maxId })
    const { dialogs } = await bob.client.call({
      _: 'messages.getPeerDialogs',
      peers: [{ _: 'inputDialogPeer', peer }],
    })
    expect(dialogs).toMatchObject([{ unreadCount: 0 }])
    await bob.client.call({ _: 'messages.deleteHistory', peer, maxId, justClear: true })
    expect(await textsOf(bob, alice.id)).toEqual([])
  })
})
