import { authKeyIdOf, ClientExchange, parseRsaPublicKey, sealingKey } from '@heliograph/gateway/mtproto'
import type { LoadKey, LoadLink } from './link.ts'

/** Exchanges an auth key on a fresh link, as a client does. */
export async function exchangeKey(link: LoadLink, publicKeyPem: string): Promise<LoadKey> {
  const exchange = new ClientExchange({ rsaKey: parseRsaPublicKey(publicKeyPem) })
  let packet = exchange.start(Date.now())
  for (;;) {
    const outcome = exchange.receive(await link.exchange(packet), Date.now())
    if (outcome.failed !== undefined) throw new Error(`the key exchange failed: ${outcome.failed}`)
    if (outcome.completed !== undefined) {
      const { authKey, serverSalt } = outcome.completed
      return { id: authKeyIdOf(authKey), sealing: sealingKey(authKey), salt: serverSalt }
    }
    packet = outcome.reply as Buffer
  }
}
