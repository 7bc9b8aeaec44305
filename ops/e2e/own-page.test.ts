import { Long, type tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Couple, endCouple, startCouple } from './couple.ts'
import type { Member } from './people.ts'

describe('what users put on their pages, seen from mtcute', () => {
  let couple: Couple

  beforeAll(async () => {
    couple = await startCouple({ acquainted: true })
  })
  afterAll(() => endCouple(couple ?? {}))

  const pageOf = async (reader: Member, id: number) =>
    reader.client.call({ _: 'users.getFullUser', id: await reader.client.resolveUser(id) })

  it('is a public channel of their own: updatePersonalChannel', async () => {
    const { alice, bob } = couple
    const made = await alice.client.createChannel({ title: 'Alice writes', description: '' })
    const channel = made.inputPeer as tl.RawInputPeerChannel
    const input = { _: 'inputChannel', channelId: channel.channelId, accessHash: channel.accessHash } as const
    const closed = alice.client.call({ _: 'account.updatePersonalChannel', channel: input })
    await expect(closed).rejects.toMatchObject({ text: 'CHANNEL_INVALID' })
    await alice.client.call({ _: 'channels.updateUsername', channel: input, username: 'alice_writes' })
    await alice.client.call({ _: 'account.updatePersonalChannel', channel: input })
    const page = await pageOf(bob, alice.id)
    expect(page.fullUser.personalChannelId).toBe(channel.channelId)
    expect(page.chats).toMatchObject([{ _: 'channel', title: 'Alice writes' }])
    await alice.client.call({ _: 'account.updatePersonalChannel', channel: { _: 'inputChannelEmpty' } })
    expect((await pageOf(bob, alice.id)).fullUser.personalChannelId).toBeUndefined()
  })

  it('is music: saveMusic refuses DOCUMENT_INVALID for what is none', async () => {
    const { alice, bob } = couple
    const send = async (type: 'audio' | 'document') => {
      const file = {
        type,
        file: Buffer.from(`not really ${type}`),
        fileName: 'a.mp3',
        fileMime: 'audio/mpeg',
      }
      const extra = type === 'audio' ? { title: 'Song', performer: 'Alice', duration: 3 } : {}
      const sent = await alice.client.sendMedia('me', { ...file, ...extra } as never)
      const { media } = sent.raw as tl.RawMessage
      const document = (media as tl.RawMessageMediaDocument).document as tl.RawDocument
      const { id, accessHash, fileReference } = document
      return { _: 'inputDocument', id, accessHash, fileReference } as const
    }
    const song = await send('audio')
    await alice.client.call({ _: 'account.saveMusic', id: song })
    expect((await pageOf(bob, alice.id)).fullUser.savedMusic).toMatchObject({ id: song.id })
    const id = await bob.client.resolveUser(alice.id)
    const music = await bob.client.call({
      _: 'users.getSavedMusic',
      id,
      offset: 0,
      limit: 10,
      hash: Long.ZERO,
    })
    expect(music).toMatchObject({ count: 1, documents: [{ id: song.id }] })
    const plain = alice.client.call({ _: 'account.saveMusic', id: { ...song, accessHash: Long.ONE } })
    await expect(plain).rejects.toMatchObject({ text: 'DOCUMENT_INVALID' })
    await alice.client.call({ _: 'account.saveMusic', id: song, unsave: true })
    const ids = await alice.client.call({ _: 'account.getSavedMusicIds', hash: Long.ZERO })
    expect(ids).toMatchObject({ ids: [] })
  })

  it('says whether the viewer wants translations: togglePeerTranslations', async () => {
    const { alice, bob } = couple
    const peer = await alice.client.resolvePeer(bob.id)
    await alice.client.call({ _: 'messages.togglePeerTranslations', peer, disabled: true })
    expect((await pageOf(alice, bob.id)).fullUser.translationsDisabled).toBe(true)
    await alice.client.call({ _: 'messages.togglePeerTranslations', peer })
    expect((await pageOf(alice, bob.id)).fullUser.translationsDisabled).toBe(false)
  })
})
