import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { RandomBytes } from '../../../mtproto/ports.ts'
import { geoPoint } from '../../locations/geo-point.ts'
import { liveLocation } from '../../locations/live.ts'

const MAX_NAME_LENGTH = 255
const MAX_VCARD_LENGTH = 2048
const MAX_PLACE_LENGTH = 255
/** Sides of each kind of die. */
const DICE: Readonly<Record<string, number>> = { '🎲': 6, '🎯': 6, '🎳': 6, '🏀': 5, '⚽': 5, '🎰': 64 }

/**
 * What a client gave as media, as it is shown. Undefined for a link preview, which is text only here. Throws 400 with the
 * protocol's error for values that cannot be and MEDIA_INVALID for kinds that this server does not take.
 */
export function mediaOf(
  input: TlType<'InputMedia'>,
  random: RandomBytes,
): TlType<'MessageMedia'> | undefined {
  switch (input._) {
    case 'inputMediaEmpty':
    case 'inputMediaWebPage':
      return undefined
    case 'inputMediaContact':
      return contactMedia(input)
    case 'inputMediaGeoPoint':
      return { _: 'messageMediaGeo', geo: geoPoint(input.geoPoint) }
    case 'inputMediaGeoLive':
      return liveLocation(input)
    case 'inputMediaVenue':
      return venueMedia(input)
    case 'inputMediaDice':
      return diceMedia(input.emoticon, random)
    default:
      throw new RpcError(400, 'MEDIA_INVALID')
  }
}

function contactMedia(input: Tl<'inputMediaContact'>): TlType<'MessageMedia'> {
  const phoneNumber = input.phoneNumber.replace(/[^\d+]/g, '')
  if (phoneNumber === '' || input.firstName.trim() === '') throw new RpcError(400, 'MEDIA_INVALID')
  return {
    _: 'messageMediaContact',
    phoneNumber,
    firstName: input.firstName.slice(0, MAX_NAME_LENGTH),
    lastName: input.lastName.slice(0, MAX_NAME_LENGTH),
    vcard: input.vcard.slice(0, MAX_VCARD_LENGTH),
    userId: 0,
  }
}

function venueMedia(input: Tl<'inputMediaVenue'>): TlType<'MessageMedia'> {
  return {
    _: 'messageMediaVenue',
    geo: geoPoint(input.geoPoint),
    title: input.title.slice(0, MAX_PLACE_LENGTH),
    address: input.address.slice(0, MAX_PLACE_LENGTH),
    provider: input.provider.slice(0, MAX_PLACE_LENGTH),
    venueId: input.venueId.slice(0, MAX_PLACE_LENGTH),
    venueType: input.venueType.slice(0, MAX_PLACE_LENGTH),
  }
}

/** The server throws: values of one byte that would favour some sides are thrown again. */
function diceMedia(emoticon: string, random: RandomBytes): TlType<'MessageMedia'> {
  const plain = emoticon.replaceAll('\ufe0f', '')
  const sides = DICE[plain]
  if (sides === undefined) throw new RpcError(400, 'EMOTICON_INVALID')
  const fair = 256 - (256 % sides)
  let byte = random(1)[0]!
  while (byte >= fair) byte = random(1)[0]!
  return { _: 'messageMediaDice', value: (byte % sides) + 1, emoticon: plain }
}
