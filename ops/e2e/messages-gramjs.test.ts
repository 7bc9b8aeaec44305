import { Api } from 'telegram'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { endGramjsCouple, type GramjsCouple, startGramjsCouple } from './gramjs-people.ts'

describe('what a message can be, seen from GramJS', () => {
  let couple: GramjsCouple
  const dora = () => couple.dora.client
  const emil = () => couple.emil.client
  const emilId = () => couple.emil.me.id

  beforeAll(async () => {
    couple = await startGramjsCouple()
  })
  afterAll(() => endGramjsCouple(couple))

  /** Emil's copy of what Dora sent last. */
  const arrived = (what: string, is: (message: Api.Message) => boolean) =>
    eventually(what, async () => {
      const [last] = await emil().getMessages(couple.dora.me.id, { limit: 1 })
      return last !== undefined && is(last) ? last : undefined
    })
  const sendMedia = (media: Api.TypeInputMedia) => dora().sendMessage(emilId(), { file: media as never })

  it('text with entities, answered with a quote, forwarded with its author', async () => {
    await dora().sendMessage(emilId(), { message: '**bold** and `code`', parseMode: 'md' })
    const seen = await arrived('Emil sees it', ({ message }) => message === 'bold and code')
    expect(seen.entities?.map(({ className }) => className)).toEqual([
      'MessageEntityBold',
      'MessageEntityCode',
    ])
    const replyTo = new Api.InputReplyToMessage({ replyToMsgId: seen.id, quoteText: 'bold' })
    const peer = await emil().getInputEntity(couple.dora.me.id)
    await emil().invoke(
      new Api.messages.SendMessage({ peer, message: 'quite', replyTo, randomId: 5 as never }),
    )
    const [answer] = await emil().getMessages(couple.dora.me.id, { limit: 1 })
    expect(answer?.replyTo).toMatchObject({ replyToMsgId: seen.id, quote: true, quoteText: 'bold' })
    await emil().forwardMessages('me', { messages: [seen.id], fromPeer: couple.dora.me.id })
    const [copy] = await emil().getMessages('me', { limit: 1 })
    expect(String((copy!.fwdFrom!.fromId as Api.PeerUser).userId)).toBe(String(couple.dora.me.id))
  })

  it('a contact, a place, a venue and a die', async () => {
    await sendMedia(
      new Api.InputMediaContact({ phoneNumber: '15550001', firstName: 'Fay', lastName: 'X', vcard: '' }),
    )
    await arrived('a contact', ({ media }) => media?.className === 'MessageMediaContact')
    const geoPoint = new Api.InputGeoPoint({ lat: 52.5, long: 13.4 })
    await sendMedia(new Api.InputMediaGeoPoint({ geoPoint }))
    const place = await arrived('a place', ({ media }) => media?.className === 'MessageMediaGeo')
    expect((place.media as Api.MessageMediaGeo).geo).toMatchObject({ lat: 52.5, long: 13.4 })
    const address = { title: 'Cafe', address: 'Street 1', provider: '', venueId: '', venueType: '' }
    await sendMedia(new Api.InputMediaVenue({ geoPoint, ...address }))
    await arrived('a venue', ({ media }) => media?.className === 'MessageMediaVenue')
    await sendMedia(new Api.InputMediaDice({ emoticon: '🎲' }))
    const die = await arrived('a die', ({ media }) => media?.className === 'MessageMediaDice')
    expect([1, 2, 3, 4, 5, 6]).toContain((die.media as Api.MessageMediaDice).value)
  })

  it('a live location that moves and stops', async () => {
    const at = (lat: number) => new Api.InputGeoPoint({ lat, long: 13.4 })
    await sendMedia(new Api.InputMediaGeoLive({ geoPoint: at(10), period: 900 }))
    const [mine] = await dora().getMessages(emilId(), { limit: 1 })
    const peer = await dora().getInputEntity(emilId())
    const edit = (media: Api.TypeInputMedia) =>
      dora().invoke(new Api.messages.EditMessage({ peer, id: mine!.id, media }))
    await edit(new Api.InputMediaGeoLive({ geoPoint: at(20), period: 900 }))
    const latOf = ({ media }: Api.Message) => ((media as Api.MessageMediaGeoLive).geo as Api.GeoPoint).lat
    await arrived('it moved', (message) => Math.round(latOf(message)) === 20)
    await edit(new Api.InputMediaGeoLive({ geoPoint: at(20), stopped: true }))
    await dora().sendMessage(emilId(), { message: 'here' })
    await arrived('the next one', ({ message }) => message === 'here')
  })

  it('pinned and unpinned for both', async () => {
    const sent = await dora().sendMessage(emilId(), { message: 'remember' })
    await dora().pinMessage(emilId(), sent.id, { notify: false })
    const filter = new Api.InputMessagesFilterPinned()
    await eventually('Emil sees it pinned', async () => {
      const [pinned] = await emil().getMessages(couple.dora.me.id, { filter, limit: 5 })
      return pinned?.message === 'remember'
    })
    await dora().unpinMessage(emilId(), sent.id)
    await eventually('Emil sees none', async () => {
      const pinned = await emil().getMessages(couple.dora.me.id, { filter, limit: 5 })
      return pinned.length === 0
    })
  })

  it('found by words, kind and sender; counted', async () => {
    await dora().sendMessage(emilId(), { message: 'the wanted zebra #stripes' })
    await arrived('the zebra', ({ message }) => message.includes('zebra'))
    const texts = async (params: object) =>
      [...(await emil().getMessages(couple.dora.me.id, { limit: 20, ...params }))].map(
        ({ message }) => message,
      )
    expect(await texts({ search: 'ZEBRA' })).toEqual(['the wanted zebra #stripes'])
    expect(await texts({ search: '#stripes' })).toEqual(['the wanted zebra #stripes'])
    const places = await emil().getMessages(couple.dora.me.id, {
      filter: new Api.InputMessagesFilterGeo(),
      limit: 20,
    })
    expect([...places].map(({ media }) => media?.className)).toContain('MessageMediaGeo')
    const peer = await emil().getInputEntity(couple.dora.me.id)
    const filters = [new Api.InputMessagesFilterGeo(), new Api.InputMessagesFilterContacts()]
    const counters = await emil().invoke(new Api.messages.GetSearchCounters({ peer, filters }))
    expect(counters.map(({ count }) => count)).toEqual([places.length, 1])
    const everywhere = await emil().getMessages(undefined, { search: 'zebra', limit: 5 })
    expect([...everywhere].map(({ message }) => message)).toEqual(['the wanted zebra #stripes'])
  })

  it('read: the other one sees when', async () => {
    const sent = await dora().sendMessage(emilId(), { message: 'did you see?' })
    await arrived('it', ({ message }) => message === 'did you see?')
    await emil().markAsRead(couple.dora.me.id)
    const peer = await dora().getInputEntity(emilId())
    const { date } = await eventually('the date', async () => {
      try {
        return await dora().invoke(new Api.messages.GetOutboxReadDate({ peer, msgId: sent.id }))
      } catch {
        return undefined
      }
    })
    expect(Math.abs(date - Date.now() / 1000)).toBeLessThan(60)
  })

  it('tagged in Saved Messages', async () => {
    const note = await dora().sendMessage('me', { message: 'to keep' })
    const reaction = [new Api.ReactionEmoji({ emoticon: '👍' })]
    await dora().invoke(new Api.messages.SendReaction({ peer: 'me', msgId: note.id, reaction }))
    const tags = await dora().invoke(new Api.messages.GetSavedReactionTags({ hash: 0 as never }))
    expect((tags as Api.messages.SavedReactionTags).tags).toMatchObject([{ count: 1 }])
  })
})
