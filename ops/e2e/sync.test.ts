import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import { acquaint, type Member, member } from './people.ts'
import type { ServerProcess } from './server.ts'

describe('clients in step, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member

  beforeAll(async () => {
    ;({ server, alice, bob } = await startCouple({ acquainted: true }))
  })
  afterAll(() => endCouple({ server, alice, bob }))

  const dialogOf = async (owner: Member, peer: number) => (await owner.client.getPeerDialogs(peer))[0]!

  it('count what is unread, and tell the sender what was read', async () => {
    for (const text of ['one', 'two', 'three']) await alice.client.sendText(bob.id, text)
    await eventually('three unread', async () => (await dialogOf(bob, alice.id)).unreadCount === 3)
    const history = await bob.client.getHistory(alice.id, { limit: 3 })
    await bob.client.readHistory(alice.id, { maxId: history[1]!.id })
    expect((await dialogOf(bob, alice.id)).unreadCount).toBe(1)
    const sent = await alice.client.getHistory(bob.id, { limit: 3 })
    await eventually('Alice sees the receipt', async () => {
      const dialog = await dialogOf(alice, bob.id)
      return dialog.lastReadOutgoing === sent[1]!.id
    })
    await eventually('and was told of it', () =>
      alice.updates.some((update) => update._ === 'updateReadHistoryOutbox'),
    )
    await bob.client.readHistory(alice.id)
    expect((await dialogOf(bob, alice.id)).unreadCount).toBe(0)
  })

  it('list dialogs, newest first, with drafts', async () => {
    const carol = await member(server.endpoints, 'Carol')
    await acquaint(alice, carol)
    await alice.client.sendText(carol.id, 'to Carol')
    await alice.client.sendText('me', 'to myself')
    await alice.client.sendText(bob.id, 'to Bob, last')
    const peers: number[] = []
    for await (const dialog of alice.client.iterDialogs()) peers.push(dialog.peer.id)
    expect(peers).toEqual([bob.id, alice.id, carol.id])
    await alice.client.call({
      _: 'messages.saveDraft',
      peer: await alice.client.resolvePeer(carol.id),
      message: 'half a thought',
    })
    expect((await dialogOf(alice, carol.id)).draftMessage?.text).toBe('half a thought')
    await alice.client.sendText(carol.id, 'a whole one')
    await carol.client.destroy()
  })

  it('pin dialogs and mark them unread', async () => {
    const peer = await alice.client.resolvePeer('me')
    await alice.client.call({
      _: 'messages.toggleDialogPin',
      pinned: true,
      peer: { _: 'inputDialogPeer', peer },
    })
    const pinned = await alice.client.call({ _: 'messages.getPinnedDialogs', folderId: 0 })
    expect(pinned.dialogs.map((dialog) => (dialog.peer._ === 'peerUser' ? dialog.peer.userId : 0))).toEqual([
      alice.id,
    ])
    await alice.client.call({
      _: 'messages.markDialogUnread',
      unread: true,
      peer: { _: 'inputDialogPeer', peer },
    })
    expect((await dialogOf(alice, alice.id)).isManuallyUnread).toBe(true)
  })

  it('keep two sessions of one account in step', async () => {
    const phone = await member(server.endpoints, 'x', alice.phone)
    const sent = await alice.client.sendText(bob.id, 'from the desk')
    const onPhone = await eventually('the other session sees it', () =>
      phone.updates.find(
        (update) =>
          update._ === 'updateNewMessage' &&
          (update as never as { message: { id: number } }).message.id === sent.id,
      ),
    )
    expect(onPhone).toMatchObject({ message: { out: true, message: 'from the desk' } })
    const own = alice.updates.filter(
      (update) =>
        update._ === 'updateNewMessage' &&
        (update as never as { message: { id: number } }).message.id === sent.id,
    )
    expect(own.length).toBeLessThanOrEqual(1)
    await phone.client.call({
      _: 'messages.saveDraft',
      peer: await phone.client.resolvePeer(bob.id),
      message: 'written on the phone',
    })
    await eventually('the desk sees the draft', () =>
      alice.updates.some((update) => update._ === 'updateDraftMessage'),
    )
    await phone.client.destroy()
  })

  it('tell who is typing and who is online', async () => {
    await bob.client.call({ _: 'account.updateStatus', offline: false })
    await alice.client.sendTyping(bob.id, 'typing')
    await eventually('Bob sees typing', () => bob.updates.some((update) => update._ === 'updateUserTyping'))
    await alice.client.call({ _: 'account.updateStatus', offline: false })
    await eventually(
      'Bob sees Alice online',
      async () => (await bob.client.getUser(alice.id)).status === 'online',
    )
    await alice.client.call({ _: 'account.updateStatus', offline: true })
    const seen = await eventually('Bob sees Alice offline', async () => {
      const user = await bob.client.getUser(alice.id)
      return user.status === 'offline' ? user : undefined
    })
    expect(seen.lastOnline).toBeInstanceOf(Date)
  })

  it('search in a chat and everywhere', async () => {
    await alice.client.sendText(bob.id, 'the Heliograph flashes')
    await alice.client.sendText('me', 'a heliograph in my notes')
    const inChat = await alice.client.searchMessages({ chatId: bob.id, query: 'heliograph' })
    expect(inChat.map(({ text }) => text)).toEqual(['the Heliograph flashes'])
    const everywhere = await alice.client.searchGlobal({ query: 'HELIOGRAPH' })
    expect(everywhere.map(({ text }) => text).sort()).toEqual([
      'a heliograph in my notes',
      'the Heliograph flashes',
    ])
  })

  it('catch up by difference what happened while away, in order, once each', async () => {
    await bob.client.disconnect()
    const before = bob.updates.length
    for (let i = 0; i < 30; i++) await alice.client.sendText(bob.id, `while away ${i}`)
    const gone = await alice.client.sendText(bob.id, 'sent and deleted')
    await alice.client.deleteMessagesById(bob.id, [gone.id], { revoke: true })
    await bob.client.connect()
    await bob.client.startUpdatesLoop()
    const missed = await eventually('Bob caught up', () => {
      const texts = bob.updates
        .slice(before)
        .filter((update) => update._ === 'updateNewMessage')
        .map((update) => (update as never as { message: { message: string } }).message.message)
      return texts.includes('while away 29')
        ? texts.filter((text) => text.startsWith('while away'))
        : undefined
    })
    expect(missed).toEqual(Array.from({ length: 30 }, (_, i) => `while away ${i}`))
  })
})
