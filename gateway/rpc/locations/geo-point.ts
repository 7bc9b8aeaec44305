import { RpcError, type TlType } from '@heliograph/schemas/tl'

/** @throws RpcError 400 MEDIA_INVALID for a place that cannot be */
export function geoPoint(input: TlType<'InputGeoPoint'>): TlType<'GeoPoint'> {
  if (input._ === 'inputGeoPointEmpty') throw new RpcError(400, 'MEDIA_INVALID')
  const { lat, long } = input
  if (!(Math.abs(lat) <= 90 && Math.abs(long) <= 180)) throw new RpcError(400, 'MEDIA_INVALID')
  const radius = input.accuracyRadius
  const point = { _: 'geoPoint', lat, long, accessHash: 0n } as const
  return radius === undefined ? point : { ...point, accuracyRadius: radius }
}
