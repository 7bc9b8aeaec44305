export { addFileRoute, type ServedFile } from './file-route.ts'
export type { ListenAddress, SocketLimits } from './limits.ts'
export { listenTcp, type TcpListener } from './tcp.ts'
export { type HttpApp, type HttpListener, type HttpOptions, listenHttp } from './uws.ts'
