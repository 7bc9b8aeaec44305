import type { AnyCall } from '@heliograph/schemas/tl'

/** This server takes any application's id and hash. */
export const API_ID = 1
export const API_HASH = '0123456789abcdef0123456789abcdef'

/** A session's first call, wrapped in what names the client's layer and describes the client. */
export function introduced(query: object, layer: number, deviceModel: string): AnyCall {
  const init = {
    _: 'initConnection',
    apiId: API_ID,
    deviceModel,
    systemVersion: '1',
    appVersion: '1',
    systemLangCode: 'en',
    langPack: '',
    langCode: 'en',
    query,
  }
  return { _: 'invokeWithLayer', layer, query: init } as unknown as AnyCall
}
