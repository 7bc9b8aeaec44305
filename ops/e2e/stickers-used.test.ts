import { randomBytes } from 'node:crypto'
import { picture } from '@heliograph/gateway/media/samples'
import { Long, type tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endCouple, startCouple } from './couple.ts'
import type { Member } from './people.ts'
import type { ServerProcess } from './server.ts'

describe('stickers and GIFs that are sent, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  beforeAll(async () => {
    ;({ server, alice, bob } = await startCouple({ acquainted: true }))
  })
  afterAll(() => endCouple({ server, alice, bob }))

  const self = { _: 'inputPeerSelf' } as const

  async function made(format: 'webp' | 'gif', attribute: tl.TypeDocumentAttribute): Promise<tl.RawDocument> {
    const { client } = alice
    const file = await picture({ width: 100, height: 100, format })
    const { inputFile } = await client.uploadFile({ file, fileName: 'file' })
    const media = await client.call({
      _: 'messages.uploadMedia',
      peer: self,
      media: {
        _: 'inputMediaUploadedDocument',
        file: inputFile,
        mimeType: `image/${format}`,
        attributes: [attribute],
      },
    })
    if (media._ !== 'messageMediaDocument' || media.document?._ !== 'document') throw new Error('no document')
    return media.document
  }

  const sticker = () =>
    made('webp', {
      _: 'documentAttributeSticker',
      alt: '🐱',
      stickerset: { _: 'inputStickerSetEmpty' },
    })

  function send({ id, accessHash, fileReference }: tl.RawDocument, peer: tl.TypeInputPeer = self) {
    const media = {
      _: 'inputMediaDocument',
      id: { _: 'inputDocument', id, accessHash, fileReference },
    } as const
    const randomId = Long.fromBytesLE([...randomBytes(8)])
    return alice.client.call({ _: 'messages.sendMedia', peer, media, message: '', randomId })
  }

  const recent = () => alice.client.call({ _: 'messages.getRecentStickers', hash: Long.ZERO })

  it('are first among what was used last', async () => {
    const [first, second] = [await sticker(), await sticker()]
    for (const each of [first, second, first]) await send(each)
    expect(await recent()).toMatchObject({ stickers: [{ id: first.id }, { id: second.id }] })
    const gif = await made('gif', { _: 'documentAttributeAnimated' })
    await send(gif)
    expect(await alice.client.call({ _: 'messages.getSavedGifs', hash: Long.ZERO })).toMatchObject({
      gifs: [{ id: gif.id }],
    })
  })

  it('are not where they could not be sent', async () => {
    await alice.client.call({ _: 'messages.clearRecentStickers' })
    const nobody = { _: 'inputPeerChat', chatId: 1 } as const
    await expect(send(await sticker(), nobody)).rejects.toThrow('PEER_ID_INVALID')
    expect(await recent()).toMatchObject({ stickers: [] })
  })
})
