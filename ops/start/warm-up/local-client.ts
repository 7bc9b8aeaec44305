import {
  ClientExchange,
  ClientSession,
  type OpenLink,
  type PacketReceiver,
  type RsaPublicKey,
} from '@heliograph/gateway/mtproto'

/** A client in this process: its packets go straight to the session engine, past the sockets. */
export class LocalClient {
  readonly session: ClientSession
  private readonly receiver: PacketReceiver

  private constructor(session: ClientSession, receiver: PacketReceiver) {
    this.session = session
    this.receiver = receiver
  }

  /** Exchanges a key and opens a session. */
  static async connect(openLink: OpenLink, rsaKey: RsaPublicKey): Promise<LocalClient> {
    let receive: (packet: Uint8Array) => void = () => {}
    const receiver = openLink({
      kind: 'tcp',
      remoteAddress: '127.0.0.1',
      send: (packet) => receive(packet),
      sendQuickAck() {},
      sendTransportError() {},
      bufferedBytes: () => 0,
      close() {},
    })
    const exchange = new ClientExchange({ rsaKey })
    const key = await new Promise<{ authKey: Buffer; serverSalt: bigint }>((resolve, reject) => {
      receive = (packet) => {
        const outcome = exchange.receive(packet, Date.now())
        if (outcome.failed !== undefined) reject(new Error(outcome.failed))
        if (outcome.reply !== undefined) receiver.packet(outcome.reply, false)
        if (outcome.completed !== undefined) resolve(outcome.completed)
      }
      receiver.packet(exchange.start(Date.now()), false)
    })
    const session = new ClientSession({
      authKey: key.authKey,
      salt: key.serverSalt,
      now: Date.now,
      send: (packet) => setImmediate(() => receiver.packet(packet, false)),
    })
    receive = (packet) => session.receive(packet)
    return new LocalClient(session, receiver)
  }

  close(): void {
    this.receiver.closed()
  }
}
