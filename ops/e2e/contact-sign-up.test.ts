import type { tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import { freshPhone, type Member, member } from './people.ts'
import type { ServerProcess } from './server.ts'

describe('somebody whose number others have signs up', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  let newcomer: Member

  beforeAll(async () => {
    ;({ server, alice, bob } = await startCouple({ acquainted: false }))
    const phone = freshPhone()
    for (const each of [alice, bob])
      await each.client.importContacts([{ phone, firstName: 'Long', lastName: 'Awaited' }])
    await bob.client.call({ _: 'account.setContactSignUpNotification', silent: true })
    newcomer = await member(server.endpoints, 'Newcomer', phone)
  })
  afterAll(async () => {
    await newcomer?.client.destroy()
    await endCouple({ server, alice, bob })
  })

  const noteOf = (who: Member) =>
    (who.updates as tl.TypeUpdate[])
      .flatMap((update) => (update._ === 'updateNewMessage' ? [update.message] : []))
      .find((message) => message._ === 'messageService' && message.action._ === 'messageActionContactSignUp')
  const dialogWith = async (who: Member) => {
    const dialogs = await who.client.call({
      _: 'messages.getDialogs',
      offsetDate: 0,
      offsetId: 0,
      offsetPeer: { _: 'inputPeerEmpty' },
      limit: 20,
      hash: 0n as never,
    })
    if (dialogs._ === 'messages.dialogsNotModified') throw new Error(dialogs._)
    return dialogs.dialogs as tl.RawDialog[]
  }

  it('begins a chat with each of them, without a sound for who does not want to hear of it', async () => {
    await eventually('both are told', () => noteOf(alice) !== undefined && noteOf(bob) !== undefined)
    const peerId = { _: 'peerUser', userId: newcomer.id }
    expect(noteOf(alice)).toMatchObject({ peerId, out: false, silent: false })
    expect(noteOf(bob)).toMatchObject({ peerId, silent: true })
    const [dialog] = await dialogWith(alice)
    expect(dialog).toMatchObject({ peer: peerId, unreadCount: 1 })
    expect((await alice.client.getContacts()).map(({ id }) => id)).toContain(newcomer.id)
  })

  it('does not tell the newcomer who they are', async () => {
    expect(await dialogWith(newcomer)).toEqual([])
    expect(newcomer.updates.filter(({ _ }) => _ === 'updateNewMessage')).toEqual([])
  })

  it('goes on as any other chat', async () => {
    await alice.client.readHistory(newcomer.id)
    expect((await dialogWith(alice))[0]).toMatchObject({ unreadCount: 0 })
    await alice.client.sendText(newcomer.id, 'welcome')
    await eventually(
      'the newcomer has got it',
      async () => (await dialogWith(newcomer))[0]?.unreadCount === 1,
    )
    await newcomer.client.importContacts([{ phone: alice.phone, firstName: 'Alice', lastName: '' }])
    const history = await newcomer.client.getHistory(alice.id)
    expect(history.map(({ text }) => text)).toEqual(['welcome'])
    await newcomer.client.readHistory(alice.id)
    await newcomer.client.sendText(alice.id, 'thanks')
    expect((await dialogWith(newcomer))[0]).toMatchObject({ unreadCount: 0 })
    await eventually(
      'Alice has all of it',
      async () => (await alice.client.getHistory(newcomer.id)).length === 3,
    )
  })
})
