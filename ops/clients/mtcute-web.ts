import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { TelegramClient } from '@mtcute/node'
import * as web from '@mtcute/web'
import { addPublicKey } from '@mtcute/web/utils.js'
import type { Endpoints } from '../start/endpoints.ts'
import { API_HASH, API_ID } from './introduction.ts'
import { dataCentres, RECONNECT_MS } from './mtcute.ts'

type SocketClass = new (url: string, protocols?: string | string[]) => object

/** What another package brings along, as that package sees it. */
const broughtBy = (name: string) => createRequire(import.meta.resolve(name))
/** Node 20 has no WebSocket of its own. */
const { w3cwebsocket } = broughtBy('telegram')('websocket') as { w3cwebsocket: SocketClass }
// The client looks for a browser's even where it is given another.
Object.assign(globalThis, { WebSocket: w3cwebsocket })
/** Declared by neither the language's nor Node's type library. */
declare const WebAssembly: { readonly Module: new (bytes: Uint8Array) => object }
const wasmPath = join(dirname(broughtBy('@mtcute/web').resolve('@mtcute/wasm')), 'mtcute.wasm')

/** A browser's platform, but that there is no `navigator` to ask whether the network is there. */
class NodePlatform extends web.WebPlatform {
  override getDeviceModel(): string {
    return 'mtcute for the web'
  }
  override onNetworkChanged(): () => void {
    return () => {}
  }
  override isOnline(): boolean {
    return true
  }
}

/**
 * mtcute as it runs in a browser: WebSocket, obfuscated intermediate. It is given out as the Node client, whose methods it
 * shares.
 */
export async function mtcuteWebClient(endpoints: Endpoints): Promise<TelegramClient> {
  const crypto = new web.WebCryptoProvider({
    wasmInput: new WebAssembly.Module(await readFile(wasmPath)) as never,
  })
  await crypto.initialize()
  addPublicKey(crypto, await readFile(endpoints.rsaPublicKey, 'utf8'))
  const url = `ws://${new URL(endpoints.http).host}/apiws`
  class WebSocket extends w3cwebsocket {
    constructor(_url: string, protocols?: string | string[]) {
      super(url, protocols)
    }
  }
  const client = new web.TelegramClient({
    apiId: API_ID,
    apiHash: API_HASH,
    storage: new web.MemoryStorage(),
    crypto,
    platform: new NodePlatform(),
    transport: new web.WebSocketTransport({ ws: WebSocket as never }),
    defaultDcs: dataCentres(endpoints),
    logLevel: 0,
    updates: { catchUp: true },
    reconnectionStrategy: () => RECONNECT_MS,
  })
  return client as unknown as TelegramClient
}
