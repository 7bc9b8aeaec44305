import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import type { Member } from './people.ts'
import type { ServerProcess } from './server.ts'

const titled = (text: string) => ({ _: 'textWithEntities' as const, text, entities: [] })

describe('folders and the archive, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member

  beforeAll(async () => {
    ;({ server, alice, bob } = await startCouple({ acquainted: true }))
    await bob.client.sendText(alice.id, 'hello')
    await alice.client.sendText('me', 'a note')
    await eventually('Alice has the chat', async () => (await idsOf('keep')).includes(bob.id))
  })
  afterAll(() => endCouple({ server, alice, bob }))

  const idsOf = async (archived: 'keep' | 'exclude' | 'only') => {
    const ids: number[] = []
    for await (const dialog of alice.client.iterDialogs({ archived })) ids.push(dialog.peer.id)
    return ids
  }

  it('keep archived chats apart until something comes that is not muted', async () => {
    await alice.client.archiveChats([bob.id])
    expect(await idsOf('exclude')).not.toContain(bob.id)
    expect(await idsOf('only')).toEqual([bob.id])
    expect(await idsOf('keep')).toContain(bob.id)
    // Dates are whole seconds: a message of the very second of the move does not count as new.
    await eventually('the chat is back', async () => {
      await bob.client.sendText(alice.id, 'are you there?')
      return (await idsOf('exclude')).includes(bob.id)
    })
    expect(await idsOf('only')).toEqual([])
  })

  it('are made, found, filled, ordered and deleted', async () => {
    const peer = await alice.client.resolvePeer(bob.id)
    const work = await alice.client.createFolder({ title: titled('Work'), includePeers: [peer] })
    const notes = await alice.client.createFolder({ title: titled('Notes'), contacts: true })
    const found = await alice.client.findFolder({ title: 'Work' })
    expect(found).toMatchObject({ _: 'dialogFilter', id: work.id })
    const inside: number[] = []
    for await (const dialog of alice.client.iterDialogs({ folder: 'Work' })) inside.push(dialog.peer.id)
    expect(inside).toEqual([bob.id])
    await alice.client.setFoldersOrder([notes.id, work.id])
    await alice.client.editFolder({
      folder: work,
      modification: { title: titled('Job') },
    })
    const { filters } = await alice.client.getFolders()
    expect(filters.flatMap((filter) => ('title' in filter ? [filter.title.text] : []))).toEqual([
      'Notes',
      'Job',
    ])
    await alice.client.deleteFolder(notes.id)
    expect((await alice.client.getFolders()).filters).toHaveLength(2)
  })

  it('are shared by links, by which others come into the chats', async () => {
    const club = await alice.client.createSupergroup({ title: 'Club' })
    const news = await alice.client.createChannel({ title: 'News' })
    const peers = [await alice.client.resolvePeer(club.id), await alice.client.resolvePeer(news.id)]
    const folder = await alice.client.createFolder({ title: titled('Shared'), includePeers: peers })
    const chatlist = { _: 'inputChatlistDialogFilter', filterId: folder.id } as const
    const { invite } = await alice.client.call({
      _: 'chatlists.exportChatlistInvite',
      chatlist,
      title: 'for Bob',
      peers: [peers[0]!],
    })
    const { url } = invite as { url: string }
    const preview = await bob.client.getChatlistPreview(url)
    expect(preview.title.text).toBe('Shared')
    const joined = await bob.client.joinChatlist(url)
    expect(joined).toMatchObject({ _: 'dialogFilterChatlist' })
    const inside: string[] = []
    for await (const dialog of bob.client.iterDialogs({ folder: joined.title.text, pinned: 'exclude' }))
      inside.push(dialog.peer.displayName)
    expect(inside).toEqual(['Club'])

    const slug = url.split('/').pop()!
    await alice.client.call({ _: 'chatlists.editExportedInvite', chatlist, slug, peers })
    const his = { _: 'inputChatlistDialogFilter', filterId: joined.id } as const
    const updates = await bob.client.call({ _: 'chatlists.getChatlistUpdates', chatlist: his })
    expect(updates.missingPeers).toHaveLength(1)
    await bob.client.call({ _: 'chatlists.hideChatlistUpdates', chatlist: his })
    const none = await bob.client.call({ _: 'chatlists.getChatlistUpdates', chatlist: his })
    expect(none.missingPeers).toEqual([])
    const leaving = await bob.client.call({ _: 'chatlists.getLeaveChatlistSuggestions', chatlist: his })
    expect(leaving).toHaveLength(1)
    const clubOfBob = await bob.client.resolvePeer(club.id)
    await bob.client.call({ _: 'chatlists.leaveChatlist', chatlist: his, peers: [clubOfBob] })
    expect((await bob.client.getFolders()).filters).toHaveLength(1)
    await alice.client.call({ _: 'chatlists.deleteExportedInvite', chatlist, slug })
    await expect(bob.client.getChatlistPreview(url)).rejects.toMatchObject({ text: 'INVITE_SLUG_EXPIRED' })
  })
})
