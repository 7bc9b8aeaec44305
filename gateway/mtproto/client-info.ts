import type { ClientInfo } from './ports.ts'

/** Whether two descriptions of a client say the same. */
export function sameClient(a: ClientInfo, b: ClientInfo | undefined): boolean {
  return (
    b !== undefined &&
    a.apiId === b.apiId &&
    a.deviceModel === b.deviceModel &&
    a.systemVersion === b.systemVersion &&
    a.appVersion === b.appVersion &&
    a.systemLangCode === b.systemLangCode &&
    a.langPack === b.langPack &&
    a.langCode === b.langCode &&
    a.address === b.address
  )
}
