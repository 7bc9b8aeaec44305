import type { OpenLink } from '@heliograph/gateway/mtproto'
import { FILE_LINK_PREFIX, type GivenFile } from '@heliograph/gateway/rpc'
import { addFileRoute, listenHttp, listenTcp } from '@heliograph/gateway/sockets'
import { addressLimits } from './address-limits.ts'
import type { GatewayOptions } from './options/options.ts'
import type { HostPort } from './options/types.ts'

/** Finds the file behind a link's token. */
export type OpenFile = (token: string) => Promise<GivenFile | undefined>

/** Listening sockets. Links that come before `serve` are closed: nothing is there yet to answer them. */
export interface Bound {
  readonly tcp: HostPort
  readonly http: HostPort
  serve(openLink: OpenLink, openFile: OpenFile): void
  close(): Promise<void>
}

/** Binds both ports first, so that the addresses that the server tells its clients are the ones it really has. */
export async function bindSockets(options: GatewayOptions): Promise<Bound> {
  let serving: OpenLink | undefined
  let openFile: OpenFile = async () => undefined
  const openLink: OpenLink = (link) => {
    if (serving !== undefined) return serving(link)
    link.close()
    return { packet() {}, drained() {}, closed() {} }
  }
  const { sockets: limits } = addressLimits(options)
  const tcp = await listenTcp(options.tcp, openLink, limits)
  const { origins, trustedProxies } = options
  const http = await listenHttp(options.http, openLink, {
    limits,
    trustedProxies,
    routes: (app) => addFileRoute(app, FILE_LINK_PREFIX, (token) => openFile(token)),
    ...(origins.length === 0 ? {} : { allowedOrigins: origins }),
  })
  return {
    tcp: tcp.address,
    http: http.address,
    serve(open, files) {
      serving = open
      openFile = files
    },
    close: async () => {
      await Promise.all([tcp.close(), http.close()])
    },
  }
}
