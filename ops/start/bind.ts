import type { OpenLink } from '@heliograph/gateway/mtproto'
import { listenHttp, listenTcp } from '@heliograph/gateway/sockets'
import { addressLimits } from './address-limits.ts'
import type { GatewayOptions } from './options/options.ts'
import type { HostPort } from './options/types.ts'

/** Listening sockets. Links that come before `serve` are closed: nothing is there yet to answer them. */
export interface Bound {
  readonly tcp: HostPort
  readonly http: HostPort
  serve(openLink: OpenLink): void
  close(): Promise<void>
}

/** Binds both ports first, so that the addresses that the server tells its clients are the ones it really has. */
export async function bindSockets(options: GatewayOptions): Promise<Bound> {
  let serving: OpenLink | undefined
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
    ...(origins.length === 0 ? {} : { allowedOrigins: origins }),
  })
  return {
    tcp: tcp.address,
    http: http.address,
    serve(open) {
      serving = open
    },
    close: async () => {
      await Promise.all([tcp.close(), http.close()])
    },
  }
}
