import { Long, type tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Couple, endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'

describe('the dialogs of Saved Messages, seen from mtcute', () => {
  let couple: Couple

  beforeAll(async () => {
    couple = await startCouple({ acquainted: true })
  })
  afterAll(() => endCouple(couple ?? {}))

  const list = {
    offsetDate: 0,
    offsetId: 0,
    offsetPeer: { _: 'inputPeerEmpty' },
    limit: 10,
    hash: Long.ZERO,
  } as const
  const userIds = (answer: tl.messages.TypeSavedDialogs) =>
    (answer as tl.messages.RawSavedDialogs).dialogs.map(({ peer }) => (peer as tl.RawPeerUser).userId)

  it('are pinned and kept in order', async () => {
    const { alice, bob } = couple
    await alice.client.sendText('me', 'a note')
    await bob.client.sendText(alice.id, 'keep this')
    const kept = await eventually(
      'it is there',
      async () => (await alice.client.getHistory(bob.id, { limit: 1 }))[0],
    )
    await alice.client.forwardMessages({ toChatId: 'me', messages: [kept] })
    const other = await alice.client.resolvePeer(bob.id)
    const own = { _: 'inputPeerSelf' } as const
    const dialog = (peer: tl.TypeInputPeer) => ({ _: 'inputDialogPeer', peer }) as const
    await alice.client.call({ _: 'messages.toggleSavedDialogPin', peer: dialog(own), pinned: true })
    await alice.client.call({ _: 'messages.toggleSavedDialogPin', peer: dialog(other), pinned: true })
    const pinned = async () => userIds(await alice.client.call({ _: 'messages.getPinnedSavedDialogs' }))
    expect(await pinned()).toEqual([bob.id, alice.id])
    await alice.client.call({
      _: 'messages.reorderPinnedSavedDialogs',
      force: true,
      order: [dialog(own), dialog(other)],
    })
    expect(await pinned()).toEqual([alice.id, bob.id])
    await alice.client.call({ _: 'messages.toggleSavedDialogPin', peer: dialog(other) })
    const rest = await alice.client.call({ _: 'messages.getSavedDialogs', ...list, excludePinned: true })
    expect(userIds(rest)).toEqual([bob.id])
    const all = await alice.client.call({ _: 'messages.getSavedDialogs', ...list })
    expect(
      (all as tl.messages.RawSavedDialogs).dialogs.map((each) => 'pinned' in each && each.pinned),
    ).toEqual([false, true])
  })

  it('refuse folders: toggleSavedDialogPin PEER_ID_INVALID; readSavedHistory PARENT_PEER_INVALID', async () => {
    const { alice } = couple
    const folder = alice.client.call({
      _: 'messages.toggleSavedDialogPin',
      peer: { _: 'inputDialogPeerFolder', folderId: 1 },
    })
    await expect(folder).rejects.toMatchObject({ text: 'PEER_ID_INVALID' })
    const own = { _: 'inputPeerSelf' } as const
    const read = alice.client.call({ _: 'messages.readSavedHistory', parentPeer: own, peer: own, maxId: 1 })
    await expect(read).rejects.toMatchObject({ text: 'PARENT_PEER_INVALID' })
  })
})
