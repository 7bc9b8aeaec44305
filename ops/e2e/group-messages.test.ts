import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { acquaint, type Member, member } from './people.ts'
import { ServerProcess } from './server.ts'

describe('messages of a basic group, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  let carol: Member
  let group: number

  beforeAll(async () => {
    server = await ServerProcess.start()
    alice = await member(server.endpoints, 'Alice')
    bob = await member(server.endpoints, 'Bob')
    carol = await member(server.endpoints, 'Carol')
    await acquaint(alice, bob)
    await acquaint(alice, carol)
    const { chat } = await alice.client.createGroup({ title: 'Three', users: [bob.id, carol.id] })
    group = chat.id
    await eventually('Bob has the group', async () => (await lastOf(bob)) !== undefined)
  })
  afterAll(async () => {
    for (const each of [alice, bob, carol]) await each?.client.destroy()
    await server?.dispose()
  })

  const lastOf = async (who: Member) => {
    for await (const dialog of who.client.iterDialogs())
      if (dialog.peer.id === group) return dialog.lastMessage
    return undefined
  }
  const pageOf = (who: Member, limit = 20) => who.client.getHistory(group, { limit })

  it('reach everybody, each under a number of its own', async () => {
    await alice.client.sendText(bob.id, 'aside: their numbers differ from now on')
    const sent = await alice.client.sendText(group, 'hello all')
    expect(sent).toMatchObject({ text: 'hello all', isOutgoing: true, chat: { id: group } })
    for (const who of [bob, carol]) {
      const seen = await eventually('it has arrived', async () => {
        const [last] = await pageOf(who, 1)
        return last?.text === 'hello all' ? last : undefined
      })
      expect(seen).toMatchObject({ isOutgoing: false, sender: { id: alice.id }, chat: { id: group } })
    }
  })

  it('answer each other: the answered one is mentioned', async () => {
    await alice.client.sendText(group, 'anybody there?')
    const question = await eventually('Bob has the question', async () => {
      const [last] = await pageOf(bob, 1)
      return last?.text === 'anybody there?' ? last : undefined
    })
    await bob.client.replyText(question, 'I am')
    const seen = await eventually('Alice has the answer', async () => {
      const [last] = await pageOf(alice, 1)
      return last?.text === 'I am' ? last : undefined
    })
    expect(seen).toMatchObject({ isMention: true, sender: { id: bob.id } })
    expect(seen.raw).toMatchObject({ mediaUnread: true })
    const mentionsOf = async () => (await alice.client.getPeerDialogs(group))[0]?.unreadMentionsCount
    expect(await mentionsOf()).toBe(1)
    await alice.client.call({ _: 'messages.readMessageContents', id: [seen.id] })
    expect(await mentionsOf()).toBe(0)
    expect(seen.replyToMessage?.id).toBeDefined()
  })

  it('are edited and deleted for all', async () => {
    const sent = await alice.client.sendText(group, 'teh typo')
    await alice.client.editMessage({ chatId: group, message: sent.id, text: 'the typo' })
    await eventually('Bob sees the new text', async () => (await pageOf(bob, 1))[0]?.text === 'the typo')
    await alice.client.deleteMessagesById(group, [sent.id], { revoke: true })
    await eventually('gone for Bob', async () => (await pageOf(bob, 1))[0]?.text !== 'the typo')
  })

  it('count as unread until they are read', async () => {
    await bob.client.readHistory(group)
    await alice.client.sendText(group, 'unread one')
    await carol.client.sendText(group, 'unread two')
    const unreadOf = async () => (await bob.client.getPeerDialogs(group))[0]?.unreadCount
    await eventually('two are unread', async () => (await unreadOf()) === 2)
    await bob.client.readHistory(group)
    expect(await unreadOf()).toBe(0)
  })

  it('are there for who was away', async () => {
    await carol.client.disconnect()
    const heard: string[] = []
    carol.client.onNewMessage.add(({ text }) => {
      heard.push(text)
    })
    await alice.client.sendText(group, 'while Carol is out')
    await carol.client.connect()
    await carol.client.startUpdatesLoop()
    await eventually('Carol has it', () => heard.includes('while Carol is out'))
  })

  it('come no more to who has left, and again to who comes back', async () => {
    await carol.client.leaveChat(group)
    await alice.client.sendText(group, 'without Carol')
    await eventually('Bob has it', async () => (await pageOf(bob, 1))[0]?.text === 'without Carol')
    expect((await pageOf(carol)).map(({ text }) => text)).not.toContain('without Carol')
    await expect(carol.client.sendText(group, 'let me in')).rejects.toMatchObject({
      code: expect.any(Number),
    })
    await alice.client.addChatMembers(group, [carol.id], { forwardCount: 0 })
    await alice.client.sendText(group, 'with Carol again')
    await eventually('Carol has it', async () => (await pageOf(carol, 1))[0]?.text === 'with Carol again')
  })

  it('show who types', async () => {
    await bob.client.sendTyping(group, 'typing')
    await eventually('Alice sees Bob typing', () =>
      alice.updates.some(({ _ }) => _ === 'updateChatUserTyping'),
    )
  })
})
