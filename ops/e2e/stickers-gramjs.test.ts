import { randomBytes } from 'node:crypto'
import { picture, tgs } from '@heliograph/gateway/media/samples'
import bigInt from 'big-integer'
import { Api, type TelegramClient } from 'telegram'
import { CustomFile } from 'telegram/client/uploads.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gramjsClient, gramjsLogin } from '../clients/gramjs.ts'
import { freshPhone } from './people.ts'
import { LOGIN_CODE, ServerProcess } from './server.ts'

describe('stickers, seen from GramJS', () => {
  let server: ServerProcess
  let dora: TelegramClient
  const shortName = `gram_${randomBytes(4).toString('hex')}`
  const stickerset = new Api.InputStickerSetShortName({ shortName })

  beforeAll(async () => {
    server = await ServerProcess.start()
    dora = await gramjsClient(server.endpoints, 'tcp')
    await gramjsLogin(dora, { phone: freshPhone(), firstName: 'Dora' }, async () => LOGIN_CODE)
  })
  afterAll(async () => {
    await dora?.destroy()
    await server?.dispose()
  })

  async function uploaded(bytes: Buffer, name: string, mimeType: string): Promise<Api.Document> {
    const file = await dora.uploadFile({ file: new CustomFile(name, bytes.length, '', bytes), workers: 1 })
    const media = new Api.InputMediaUploadedDocument({ file, mimeType, attributes: [] })
    const made = await dora.invoke(new Api.messages.UploadMedia({ peer: new Api.InputPeerSelf(), media }))
    return (made as Api.MessageMediaDocument).document as Api.Document
  }
  const named = ({ id, accessHash, fileReference }: Api.Document) =>
    new Api.InputDocument({ id, accessHash, fileReference })
  const getSet = async () =>
    (await dora.invoke(new Api.messages.GetStickerSet({ stickerset, hash: 0 }))) as Api.messages.StickerSet

  it('makes a set, sends a sticker of it and downloads what came', async () => {
    const still = await picture({ width: 512, height: 512, format: 'webp', channels: 4 })
    const stickers = [
      new Api.InputStickerSetItem({
        document: named(await uploaded(still, 's.webp', 'image/webp')),
        emoji: '🐱',
      }),
      new Api.InputStickerSetItem({
        document: named(await uploaded(tgs(), 's.tgs', 'application/x-tgsticker')),
        emoji: '🐱',
      }),
    ]
    const userId = new Api.InputUserSelf()
    const create = new Api.stickers.CreateStickerSet({ userId, title: 'Cats', shortName, stickers })
    expect(((await dora.invoke(create)) as Api.messages.StickerSet).set.count).toBe(2)
    const documents = (await getSet()).documents as Api.Document[]
    const sent = await dora.sendFile('me', { file: documents[0]! })
    const received = (sent.media as Api.MessageMediaDocument).document as Api.Document
    const attribute = received.attributes.find((each) => each instanceof Api.DocumentAttributeSticker)
    expect(attribute?.alt).toBe('🐱')
    expect((await dora.downloadMedia(sent)) as Buffer).toEqual(still)
  })

  it('reads all lists that it asks for at its start', async () => {
    await dora.invoke(new Api.messages.InstallStickerSet({ stickerset, archived: false }))
    const hash = bigInt.zero
    const all = (await dora.invoke(new Api.messages.GetAllStickers({ hash }))) as Api.messages.AllStickers
    expect(all.sets.map((set) => set.shortName)).toEqual([shortName])
    const [first] = (await getSet()).documents as Api.Document[]
    await dora.invoke(new Api.messages.FaveSticker({ id: named(first!), unfave: false }))
    const faved = (await dora.invoke(
      new Api.messages.GetFavedStickers({ hash }),
    )) as Api.messages.FavedStickers
    expect(faved.stickers.map(({ id }) => id.toString())).toEqual([first!.id.toString()])
    const reactions = await dora.invoke(new Api.messages.GetAvailableReactions({ hash: 0 }))
    expect((reactions as Api.messages.AvailableReactions).reactions.length).toBeGreaterThan(10)
    for (const request of [
      new Api.messages.GetSavedGifs({ hash }),
      new Api.messages.GetRecentStickers({ hash }),
      new Api.messages.GetMaskStickers({ hash }),
      new Api.messages.GetEmojiStickers({ hash }),
      new Api.messages.GetArchivedStickers({ offsetId: hash, limit: 10 }),
      new Api.account.GetWallPapers({ hash }),
      new Api.account.GetThemes({ format: 'tdesktop', hash }),
      new Api.account.GetSavedRingtones({ hash }),
    ])
      expect(await dora.invoke(request as Api.messages.GetSavedGifs)).toBeDefined()
  })
})
