import { Api } from 'telegram'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { endGramjsCouple, type GramjsCouple, startGramjsCouple } from './gramjs-people.ts'

/** Layer 198: what a folder's title is, and how lists of pinned dialogs are asked for, has changed since. */
describe('dialogs, seen from GramJS', () => {
  let couple: GramjsCouple
  const dora = () => couple.dora.client
  const emil = () => couple.emil.client

  beforeAll(async () => {
    couple = await startGramjsCouple()
    await emil().sendMessage(couple.dora.me.id, { message: 'hello' })
    await dora().sendMessage('me', { message: 'a note' })
    await eventually('Dora has the chat', async () => (await idsOf({})).includes(emilId()))
  })
  afterAll(() => endGramjsCouple(couple))

  const emilId = () => couple.emil.me.id.toString()
  const idsOf = async (params: { archived?: boolean; folder?: number }) =>
    [...(await dora().getDialogs({ limit: 20, ...params }))].map(({ entity }) => entity?.id.toString())
  const emilAsPeer = () => dora().getInputEntity(couple.emil.me.id)
  const filters = async () => (await dora().invoke(new Api.messages.GetDialogFilters())).filters

  it('go to the archive and come back', async () => {
    const move = async (folderId: number) => {
      const peers = [new Api.InputFolderPeer({ peer: await emilAsPeer(), folderId })]
      await dora().invoke(new Api.folders.EditPeerFolders({ folderPeers: peers }))
    }
    await move(1)
    expect(await idsOf({ archived: false })).not.toContain(emilId())
    expect(await idsOf({ archived: true })).toEqual([emilId()])
    await move(0)
    expect(await idsOf({ archived: false })).toContain(emilId())
  })

  it('are pinned, in an order of their own, and marked as unread', async () => {
    const peer = new Api.InputDialogPeer({ peer: await emilAsPeer() })
    const saved = new Api.InputDialogPeer({ peer: new Api.InputPeerSelf() })
    await dora().invoke(new Api.messages.ToggleDialogPin({ peer, pinned: true }))
    await dora().invoke(new Api.messages.ToggleDialogPin({ peer: saved, pinned: true }))
    await dora().invoke(new Api.messages.ReorderPinnedDialogs({ folderId: 0, order: [peer, saved] }))
    const pinned = await dora().invoke(new Api.messages.GetPinnedDialogs({ folderId: 0 }))
    expect(pinned.dialogs.map(({ peer }) => (peer as Api.PeerUser).userId.toString())).toEqual([
      emilId(),
      couple.dora.me.id.toString(),
    ])
    await dora().invoke(new Api.messages.MarkDialogUnread({ peer, unread: true }))
    const marks = await dora().invoke(new Api.messages.GetDialogUnreadMarks())
    expect(marks).toHaveLength(1)
    await dora().invoke(new Api.messages.MarkDialogUnread({ peer, unread: false }))
    await dora().invoke(new Api.messages.ToggleDialogPin({ peer, pinned: false }))
  })

  it('are put into folders, which are shared by links', async () => {
    const made = (await dora().invoke(
      new Api.channels.CreateChannel({ title: 'Club', about: '', megagroup: true }),
    )) as Api.Updates
    const club = await dora().getInputEntity(made.chats[0]!)
    const title = new Api.TextWithEntities({ text: 'Work', entities: [] })
    const filter = new Api.DialogFilter({
      id: 7,
      title,
      pinnedPeers: [],
      includePeers: [await emilAsPeer(), club],
      excludePeers: [],
    })
    await dora().invoke(new Api.messages.UpdateDialogFilter({ id: 7, filter }))
    expect(await filters()).toMatchObject([
      { className: 'DialogFilterDefault' },
      { className: 'DialogFilter', id: 7, title: { text: 'Work' }, includePeers: [{}, {}] },
    ])
    const shared = new Api.DialogFilter({
      id: 8,
      title: new Api.TextWithEntities({ text: 'Shared', entities: [] }),
      pinnedPeers: [],
      includePeers: [club],
      excludePeers: [],
    })
    await dora().invoke(new Api.messages.UpdateDialogFilter({ id: 8, filter: shared }))
    const chatlist = new Api.InputChatlistDialogFilter({ filterId: 8 })
    const exported = await dora().invoke(
      new Api.chatlists.ExportChatlistInvite({ chatlist, title: 'for Emil', peers: [club] }),
    )
    const slug = exported.invite.url.split('/').pop()!
    const preview = await emil().invoke(new Api.chatlists.CheckChatlistInvite({ slug }))
    expect(preview).toMatchObject({ className: 'chatlists.ChatlistInvite', title: { text: 'Shared' } })
    const offered = (preview as Api.chatlists.ChatlistInvite).chats[0]!
    const peers = [await emil().getInputEntity(offered)]
    await emil().invoke(new Api.chatlists.JoinChatlistInvite({ slug, peers }))
    const his = await emil().invoke(new Api.messages.GetDialogFilters())
    expect(his.filters[1]).toMatchObject({ className: 'DialogFilterChatlist', title: { text: 'Shared' } })
    await dora().invoke(new Api.messages.UpdateDialogFiltersOrder({ order: [8, 7] }))
    await dora().invoke(new Api.messages.UpdateDialogFilter({ id: 7 }))
    expect(await filters()).toHaveLength(2)
  })

  it('keep a draft, are muted, and say so', async () => {
    const peer = await emilAsPeer()
    await dora().invoke(new Api.messages.SaveDraft({ peer, message: 'not yet' }))
    const dialog = (await dora().getDialogs({})).find(({ entity }) => entity?.id.toString() === emilId())
    expect(dialog?.dialog.draft).toMatchObject({ message: 'not yet' })
    const settings = new Api.InputPeerNotifySettings({ muteUntil: 0x7fffffff })
    const notify = new Api.InputNotifyPeer({ peer })
    await dora().invoke(new Api.account.UpdateNotifySettings({ peer: notify, settings }))
    const kept = await dora().invoke(new Api.account.GetNotifySettings({ peer: notify }))
    expect(kept.muteUntil).toBe(0x7fffffff)
  })

  it('of a blocked user get nothing; the history goes for both', async () => {
    const peer = await emilAsPeer()
    await dora().invoke(new Api.contacts.Block({ id: peer }))
    const blocked = await dora().invoke(new Api.contacts.GetBlocked({ limit: 10 }))
    expect(blocked.blocked).toHaveLength(1)
    await expect(emil().sendMessage(couple.dora.me.id, { message: 'hey' })).rejects.toMatchObject({
      errorMessage: 'USER_IS_BLOCKED',
    })
    await dora().invoke(new Api.contacts.Unblock({ id: peer }))
    await dora().invoke(new Api.messages.DeleteHistory({ peer, maxId: 0, revoke: true }))
    await eventually('Emil has nothing left', async () => {
      const left = await emil().getMessages(couple.dora.me.id, { limit: 10 })
      return left.length === 0
    })
  })
})
