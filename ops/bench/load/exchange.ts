import {
  authKeyIdOf,
  ClientExchange,
  parseRsaPublicKey,
  type RsaPublicKey,
  sealingKey,
} from '@heliograph/gateway/mtproto'
import type { LoadKey, LoadLink } from './link.ts'

/** The load shares the machine with the server that it measures: a short exponent halves what it takes itself. */
const EXPONENT_BYTES = 32

const rsaKeys = new Map<string, RsaPublicKey>()

/** Exchanges an auth key on a fresh link, as a client does. */
export async function exchangeKey(link: LoadLink, publicKeyPem: string): Promise<LoadKey> {
  const rsaKey = rsaKeys.get(publicKeyPem) ?? parseRsaPublicKey(publicKeyPem)
  rsaKeys.set(publicKeyPem, rsaKey)
  const exchange = new ClientExchange({ rsaKey, exponentBytes: EXPONENT_BYTES })
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
