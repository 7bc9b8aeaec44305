import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { acquaint, type Member, member } from './people.ts'
import { ServerProcess } from './server.ts'

describe('a basic group that a member was removed from, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  let carol: Member
  let group: number
  const ids: number[] = []

  beforeAll(async () => {
    server = await ServerProcess.start()
    alice = await member(server.endpoints, 'Alice')
    bob = await member(server.endpoints, 'Bob')
    carol = await member(server.endpoints, 'Carol')
    await acquaint(alice, bob)
    await acquaint(alice, carol)
    const { chat } = await alice.client.createGroup({ title: 'Three', users: [bob.id, carol.id] })
    group = chat.id
    for (const text of ['as it was', 'draft', 'the plan', 'liked'])
      ids.push((await alice.client.sendText(group, text)).id)
    await edit(1, 'edited in time')
    await eventually('Carol has all of it', async () => (await textsOf(carol)).includes('edited in time'))
    await react(3, '👍')
    await eventually('Carol sees the reaction', async () => (await likesOf(carol)) > 0)
    await alice.client.kickChatMember({ chatId: group, userId: carol.id })
    await edit(2, 'the secret plan')
    await react(3, '🔥')
    await alice.client.pinMessage({ chatId: group, message: ids[0]! })
    await eventually('Bob sees what is new', async () => (await textsOf(bob)).includes('the secret plan'))
  })
  afterAll(async () => {
    for (const each of [alice, bob, carol]) await each?.client.destroy()
    await server?.dispose()
  })

  const edit = (at: number, text: string) =>
    alice.client.editMessage({ chatId: group, message: ids[at]!, text })
  const react = (at: number, emoji: string) =>
    alice.client.sendReaction({ chatId: group, message: ids[at]!, emoji })
  const pageOf = (who: Member) => who.client.getHistory(group, { limit: 20 })
  const textsOf = async (who: Member) => (await pageOf(who)).map(({ text }) => text)
  const likesOf = async (who: Member) =>
    (await pageOf(who)).find(({ text }) => text === 'liked')?.reactions?.reactions.length ?? 0

  it('goes on showing what was there, and an edit that came in time', async () => {
    const texts = await textsOf(carol)
    expect(texts).toContain('as it was')
    expect(texts).toContain('edited in time')
    expect(await textsOf(bob)).toContain('as it was')
  })

  it('does not show what was edited afterwards: not in its history, by its number, or in a search', async () => {
    const texts = await textsOf(carol)
    expect(texts.filter((text) => text.includes('plan'))).toEqual([])
    const all = Array.from({ length: 20 }, (_, i) => i + 1)
    const byNumber = (await carol.client.getMessages('me', all)).map((message) => message?.text)
    expect(byNumber.filter((text) => text?.includes('secret'))).toEqual([])
    expect(await carol.client.searchMessages({ chatId: group, query: 'secret' })).toHaveLength(0)
    expect(await bob.client.searchMessages({ chatId: group, query: 'secret' })).toHaveLength(1)
    for await (const dialog of carol.client.iterDialogs())
      expect(dialog.lastMessage?.text ?? '').not.toContain('secret')
  })

  it('does not tell what others say to its messages', async () => {
    expect(await likesOf(carol)).toBe(0)
    expect(await likesOf(bob)).toBe(1)
    const liked = (await pageOf(carol)).find(({ text }) => text === 'liked')!
    const { count, reactions } = await carol.client.call({
      _: 'messages.getMessageReactionsList',
      peer: { _: 'inputPeerChat', chatId: -group },
      id: liked.id,
      limit: 10,
    })
    expect({ count, reactions }).toEqual({ count: 0, reactions: [] })
  })

  it('does not tell what was pinned since', async () => {
    const pinned = (who: Member) =>
      who.client.searchMessages({ chatId: group, filter: { _: 'inputMessagesFilterPinned' } })
    expect((await pinned(bob)).map(({ text }) => text)).toEqual(['as it was'])
    expect(await pinned(carol)).toHaveLength(0)
    const flagsOf = async (who: Member) =>
      (await pageOf(who)).flatMap(({ raw }) => (raw._ === 'message' && raw.pinned ? [raw.message] : []))
    expect(await flagsOf(bob)).toEqual(['as it was'])
    expect(await flagsOf(carol)).toEqual([])
  })

  it('shows all of it to who is back', async () => {
    await alice.client.addChatMembers(group, [carol.id], { forwardCount: 0 })
    await eventually('Carol is back', async () => (await textsOf(carol)).includes('the secret plan'))
    expect(await likesOf(carol)).toBe(1)
  })
})
