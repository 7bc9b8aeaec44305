import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RsaKey, randomBytes } from '@heliograph/gateway/mtproto'
import { gatewayConfig, type Logger } from '@heliograph/gateway/rpc'
import type { AnyCall, Result } from '@heliograph/schemas/tl'
import { introduced } from '../../clients/introduction.ts'
import { compose, type System } from '../compose.ts'
import { openEmbedded } from '../embedded.ts'
import { LocalClient } from './local-client.ts'

const CODE = '00000'
const LAYER = 227
const IN_FLIGHT = 20
/** More teach the compiler nothing new. */
const MAX_MESSAGES = 10_000
const SILENT: Logger = { info() {}, warn() {}, error() {} }

/**
 * Sends messages through the whole server on a store that is thrown away, so that the code that carries the first clients'
 * messages is compiled already. Without it the first some thousand messages take several times as long each.
 */
export async function warmUp(rsaKey: RsaKey, forMs: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'heliograph-warm-up-'))
  const stores = await openEmbedded(directory, () => {})
  const system = await compose(
    { ...stores.ports, nowMs: Date.now, random: randomBytes },
    {
      gateway: gatewayConfig({
        node: 'warm-up',
        dataCentre: { id: 1, address: '127.0.0.1', port: 1 },
        fixedCode: CODE,
      }),
      partitions: 1,
      rsaKey,
      loginCodes: { show() {} },
      log: SILENT,
      onFatal() {},
    },
  )
  try {
    await converse(system, rsaKey, forMs)
  } finally {
    await system.stop()
    await stores.close()
    await rm(directory, { recursive: true, force: true })
  }
}

async function converse(system: System, rsaKey: RsaKey, forMs: number): Promise<void> {
  const alice = await LocalClient.connect(system.openLink, rsaKey)
  const bob = await LocalClient.connect(system.openLink, rsaKey)
  await signUp(alice, '99966000001')
  await signUp(bob, '99966000002')
  const peer = await find(alice, '99966000002')
  const deadline = Date.now() + forMs
  for (let sent = 0; sent < MAX_MESSAGES && Date.now() < deadline; sent += IN_FLIGHT) {
    await Promise.all(Array.from({ length: IN_FLIGHT }, (_, i) => send(alice, peer, sent + i)))
  }
  alice.close()
  bob.close()
}

function send(from: LocalClient, peer: object, number: number): Promise<unknown> {
  const message = `warm-up ${number}`.padEnd(64, '.')
  return ask(from, { _: 'messages.sendMessage', peer, message, randomId: BigInt(number) + 1n })
}

async function signUp(client: LocalClient, phoneNumber: string): Promise<void> {
  const sendCode = { _: 'auth.sendCode', phoneNumber, apiId: 1, apiHash: '', settings: { _: 'codeSettings' } }
  const sent = (await ask(client, introduced(sendCode, LAYER, 'warm-up'))) as { phoneCodeHash: string }
  const code = { phoneNumber, phoneCodeHash: sent.phoneCodeHash }
  await ask(client, { _: 'auth.signIn', ...code, phoneCode: CODE })
  await ask(client, { _: 'auth.signUp', ...code, firstName: 'Warm', lastName: 'Up' })
  await ask(client, { _: 'updates.getState' })
}

async function find(client: LocalClient, phone: string): Promise<object> {
  const contacts = [{ _: 'inputPhoneContact', clientId: 1n, phone, firstName: 'Warm', lastName: 'Up' }]
  const imported = (await ask(client, {
    _: 'contacts.importContacts',
    contacts,
  })) as Result<'contacts.importContacts'>
  const [user] = imported.users
  if (user?._ !== 'user') throw new Error('the other client of the warm-up was not found')
  return { _: 'inputPeerUser', userId: user.id, accessHash: user.accessHash ?? 0n }
}

function ask(client: LocalClient, call: object): Promise<unknown> {
  return client.session.request(call as AnyCall, LAYER)
}
