import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { acquaint, type Member, member } from './people.ts'
import { ServerProcess } from './server.ts'

describe('basic groups, seen from mtcute', () => {
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
  })
  afterAll(async () => {
    for (const each of [alice, bob, carol]) await each?.client.destroy()
    await server?.dispose()
  })

  const full = async (of: Member) => {
    const answer = await of.client.call({ _: 'messages.getFullChat', chatId: -group })
    return answer.fullChat as Extract<typeof answer.fullChat, { _: 'chatFull' }>
  }
  const actions = async (of: Member) =>
    (await of.client.getHistory(group, { limit: 50 })).map((message) => message.action?.type)
  const participantsSeenBy = async (of: Member) => {
    const { participants } = await full(of)
    if (participants._ !== 'chatParticipants') return undefined
    return participants.participants.map(({ _, userId }) => `${_}:${userId}`)
  }

  it('are made with members, who all are told', async () => {
    const created = await alice.client.createGroup({ title: 'Club', users: [bob.id] })
    group = created.chat.id
    expect(created.missing).toEqual([])
    expect(created.chat).toMatchObject({ title: 'Club', membersCount: 2, isCreator: true })
    await eventually('Bob has the group', async () => (await actions(bob)).includes('chat_created'))
    const chat = await bob.client.getChat(group)
    expect(chat).toMatchObject({ title: 'Club', isCreator: false })
    expect(await participantsSeenBy(bob)).toEqual([
      `chatParticipantCreator:${alice.id}`,
      `chatParticipant:${bob.id}`,
    ])
  })

  it('are renamed, described and restricted by those who may', async () => {
    await alice.client.setChatTitle(group, 'The Club')
    await alice.client.setChatDescription(group, 'about us')
    expect((await full(bob)).about).toBe('about us')
    expect((await bob.client.getChat(group)).title).toBe('The Club')
    await eventually('Bob sees it', async () => (await actions(bob)).includes('title_changed'))
    const same = alice.client.setChatTitle(group, 'The Club')
    await expect(same).rejects.toMatchObject({ text: 'CHAT_NOT_MODIFIED' })
    await alice.client.setChatDefaultPermissions(group, { changeInfo: true } as never)
    const refused = bob.client.setChatTitle(group, 'Mine')
    await expect(refused).rejects.toMatchObject({
      text: expect.stringMatching(/CHAT_ADMIN_REQUIRED|CHAT_WRITE/),
    })
  })

  it('take in others and let them go', async () => {
    await alice.client.addChatMembers(group, carol.id, {})
    await eventually('Carol is in', async () => (await actions(carol)).includes('users_added'))
    expect(await participantsSeenBy(carol)).toHaveLength(3)
    const again = alice.client.addChatMembers(group, carol.id, {})
    await expect(again).rejects.toMatchObject({ text: 'USER_ALREADY_PARTICIPANT' })
    await carol.client.leaveChat(group)
    await eventually('Alice sees Carol leave', async () => (await actions(alice)).includes('user_left'))
    expect(await participantsSeenBy(alice)).toHaveLength(2)
    await alice.client.addChatMembers(group, carol.id, {})
    await alice.client.kickChatMember({ chatId: group, userId: carol.id })
    expect(await participantsSeenBy(alice)).toHaveLength(2)
    const chat = await carol.client.call({ _: 'messages.getChats', id: [-group] })
    expect(chat.chats[0]).toMatchObject({ _: 'chatForbidden' })
  })

  it('show newcomers the last messages, if who brings them in wants that', async () => {
    const { chat } = await alice.client.createGroup({ title: 'Past', users: [bob.id] })
    for (const text of ['one', 'two', 'three']) await alice.client.sendText(chat.id, text)
    await alice.client.addChatMembers(chat.id, carol.id, { forwardCount: 2 })
    const texts = async () =>
      (await carol.client.getHistory(chat.id, { limit: 10 })).map(({ text, action }) => action?.type ?? text)
    await eventually('Carol has them', async () => (await texts()).includes('users_added'))
    expect(await texts()).toEqual(['users_added', 'three', 'two'])
    const dialog = await carol.client.getPeerDialogs(chat.id)
    expect(dialog[0]).toMatchObject({ unreadCount: 3 })
    const [last] = await alice.client.getHistory(chat.id, { limit: 1, offset: { id: 0, date: 0 } })
    expect(last?.action?.type).toBe('users_added')
    const three = (await alice.client.getHistory(chat.id, { limit: 2 }))[1]!
    await alice.client.editMessage({ chatId: chat.id, message: three.id, text: 'three, edited' })
    await eventually('Carol sees the edit', async () => (await texts()).includes('three, edited'))
    await carol.client.readHistory(chat.id)
  })
})
