import type { PeerId } from '@heliograph/schemas/avro'
import { encodeObject } from '@heliograph/schemas/tl'
import { settings } from '@heliograph/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { archivedSetting } from '../../folders/archive.ts'
import { sealSetting } from '../../sealed.ts'
import { ALICE, BOB, NOW, Rig } from '../test-rig.ts'
import { getDialogs, getPinnedDialogs } from './dialogs.ts'
import { encodePeers, PINNED_ARCHIVE_SETTING } from './pinned.ts'

const CAROL = 1_000_000_003 as typeof ALICE
const all = { _: 'messages.getDialogs', offsetDate: 0, offsetId: 0, limit: 10, hash: 0n } as const
const first = { ...all, offsetPeer: { _: 'inputPeerEmpty' } } as const

describe('dialogs in folders', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await Rig.start()
    await rig.write(ALICE, BOB, 'from Bob')
    await rig.write(ALICE, CAROL, 'from Carol')
  })

  const put = async (name: string, value: Buffer) =>
    rig.apply([
      {
        kind: 'upsert',
        table: settings,
        row: { userId: ALICE, name, sealed: await sealSetting(rig.services, ALICE, name, value) },
      },
    ])
  const archive = (peerId: number, since = NOW) => {
    const date = Buffer.alloc(4)
    date.writeUInt32LE(since)
    return put(archivedSetting(peerId as PeerId), date)
  }
  const list = async (folderId?: number) => {
    const call = folderId === undefined ? first : { ...first, folderId }
    const answer = await getDialogs(call, rig.context(ALICE))
    return 'dialogs' in answer ? answer.dialogs : []
  }
  const peers = (dialogs: Awaited<ReturnType<typeof list>>) =>
    dialogs.map((dialog) => (dialog._ === 'dialog' ? (dialog.peer as { userId: number }).userId : dialog._))

  it('stand in the main list or in the archive, which has an entry there', async () => {
    await archive(BOB)
    expect(peers(await list(0))).toEqual(['dialogFolder', CAROL])
    expect(peers(await list(1))).toEqual([BOB])
    const both = await list()
    expect(peers(both)).toEqual([CAROL, BOB])
    expect(both.map((dialog) => 'folderId' in dialog && dialog.folderId)).toEqual([false, 1])
  })

  it('go on after a chat that the client names without its access hash, as it opens nothing', async () => {
    const offsetPeer = { _: 'inputPeerUser', userId: CAROL, accessHash: 0n } as const
    const answer = await getDialogs(
      { ...first, offsetDate: NOW, offsetId: 2, offsetPeer },
      rig.context(ALICE),
    )
    expect('dialogs' in answer && peers(answer.dialogs)).toEqual([BOB])
  })

  it('say in the entry of the archive what is newest and unread there', async () => {
    await archive(BOB)
    const [entry] = await list(0)
    expect(entry).toMatchObject({
      _: 'dialogFolder',
      folder: { id: 1 },
      peer: { userId: BOB },
      topMessage: 1,
      unreadUnmutedPeersCount: 0,
    })
  })

  it('are pinned in the archive by themselves', async () => {
    await archive(BOB)
    await archive(CAROL)
    await put(PINNED_ARCHIVE_SETTING, encodePeers([BOB as number as PeerId]))
    expect(peers(await list(1))).toEqual([BOB, CAROL])
    const call = { _: 'messages.getPinnedDialogs', folderId: 1 } as const
    const { dialogs } = await getPinnedDialogs(call, rig.context(ALICE))
    expect(dialogs).toMatchObject([{ peer: { userId: BOB }, pinned: true, folderId: 1 }])
  })

  it('come back with a message that came since, unless they are muted', async () => {
    const asked: object[] = []
    const commands = { ask: async (_: string, __: string, command: object) => void asked.push(command) }
    Object.assign(rig.services, { commands })
    await archive(BOB, 1)
    await archive(CAROL, 1)
    const muted = { _: 'peerNotifySettings', muteUntil: NOW + 60 } as const
    await put(`notify:${CAROL}`, Buffer.from(encodeObject(muted)))
    expect(peers(await list(1))).toEqual([CAROL])
    expect(asked).toEqual([
      { type: 'PutSetting', userId: ALICE, name: archivedSetting(BOB as never), sealed: null },
    ])
  })
})
