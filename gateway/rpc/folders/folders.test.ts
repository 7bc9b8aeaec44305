import { beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../../mtproto/ports.ts'
import { type Rig, signUp, testRig } from '../test-rig.ts'
import { MAX_FILTERS } from './filters.ts'
import { folderUpdate } from './update.ts'

const title = (text: string) => ({ _: 'textWithEntities', text, entities: [] }) as const
const folder = (more: object = {}) =>
  ({
    _: 'dialogFilter',
    id: 0,
    title: title('Work'),
    pinnedPeers: [],
    includePeers: [],
    excludePeers: [],
    ...more,
  }) as const

describe('folders of the list of chats', () => {
  let rig: Rig
  let alice: Caller & { userId: number }
  beforeEach(async () => {
    rig = await testRig()
    alice = (await signUp(rig, '+99966100001', 'Alice')) as never
  })

  const self = { _: 'inputPeerSelf' } as const
  const save = (id: number, filter?: object) =>
    rig.call('messages.updateDialogFilter', { id, filter: filter as never }, alice)
  const ids = async () =>
    (await rig.call('messages.getDialogFilters', {}, alice)).filters.map((filter) =>
      'id' in filter ? filter.id : 0,
    )

  it('are kept in their order, the list of all chats among them', async () => {
    expect(await ids()).toEqual([0])
    await save(2, folder({ groups: true }))
    await save(3, folder({ includePeers: [self] }))
    expect(await ids()).toEqual([0, 2, 3])
    await rig.call('messages.updateDialogFiltersOrder', { order: [3, 0, 2] }, alice)
    expect(await ids()).toEqual([3, 0, 2])
    await save(3)
    expect(await ids()).toEqual([0, 2])
    await expect(save(3)).rejects.toThrow('FILTER_ID_INVALID')
  })

  it('name each chat once, and something at all', async () => {
    await save(2, folder({ pinnedPeers: [self], includePeers: [self, self] }))
    const { filters } = await rig.call('messages.getDialogFilters', {}, alice)
    expect(filters[1]).toMatchObject({ id: 2, pinnedPeers: [self], includePeers: [] })
    await expect(save(4, folder())).rejects.toThrow('FILTER_INCLUDE_EMPTY')
    await expect(save(4, folder({ groups: true, title: title(' ') }))).rejects.toThrow('FILTER_TITLE_EMPTY')
    await expect(save(1, folder({ groups: true }))).rejects.toThrow('FILTER_ID_INVALID')
    const stranger = { _: 'inputPeerUser', userId: 5, accessHash: 1n }
    await expect(save(4, folder({ includePeers: [stranger] }))).rejects.toThrow('PEER_ID_INVALID')
  })

  it('are few', async () => {
    for (let id = 2; id < 2 + MAX_FILTERS; id += 1) await save(id, folder({ groups: true }))
    await expect(save(50, folder({ groups: true }))).rejects.toThrow('DIALOG_FILTERS_TOO_MUCH')
    await save(2, folder({ broadcasts: true }))
  })

  it('have tags, and are told to the other sessions', async () => {
    await save(2, folder({ groups: true }))
    await rig.call('messages.toggleDialogFilterTags', { enabled: true }, alice)
    expect(await rig.call('messages.getDialogFilters', {}, alice)).toMatchObject({ tagsEnabled: true })
    const told = (name: string) => folderUpdate(rig.services, alice.userId as never, name)
    expect(await told('dialog-filter:2')).toMatchObject({ _: 'updateDialogFilter', id: 2, filter: { id: 2 } })
    expect(await told('dialog-filter:9')).toEqual({ _: 'updateDialogFilter', id: 9 })
    expect(await told('dialog-filters-tags')).toEqual({ _: 'updateDialogFilters' })
    expect(await told('something else')).toBeUndefined()
  })

  it('are suggested until there is one by that name', async () => {
    const before = await rig.call('messages.getSuggestedDialogFilters', {}, alice)
    await save(2, folder({ groups: true, title: title('Unread') }))
    const after = await rig.call('messages.getSuggestedDialogFilters', {}, alice)
    expect(after.length).toBe(before.length - 1)
  })

  it('take chats into the archive and out of it, each told by an update', async () => {
    const move = (folderId: number) =>
      rig.call(
        'folders.editPeerFolders',
        { folderPeers: [{ _: 'inputFolderPeer', peer: self, folderId }] },
        alice,
      )
    const moved = await move(1)
    expect(moved).toMatchObject({
      updates: [{ _: 'updateFolderPeers', folderPeers: [{ folderId: 1 }], ptsCount: 0 }],
    })
    expect(await move(1)).toMatchObject({ updates: [] })
    const name = `archived:${alice.userId}`
    const told = () => folderUpdate(rig.services, alice.userId as never, name)
    expect(await told()).toMatchObject({ folderPeers: [{ folderId: 1 }] })
    await move(0)
    expect(await told()).toMatchObject({ folderPeers: [{ folderId: 0 }] })
    await expect(move(7)).rejects.toThrow('FOLDER_ID_INVALID')
  })
})
