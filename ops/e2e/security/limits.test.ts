import { readFile } from 'node:fs/promises'
import { ClientExchange, parseRsaPublicKey } from '@heliograph/gateway/mtproto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshPhone } from '../people.ts'
import { LOGIN_CODE, ServerProcess } from '../server.ts'
import { askForCode, logIn, peerOf, RawClient, sendText } from './raw-client.ts'
import { RawLink } from './raw-link.ts'
import { ShownCodes } from './shown-codes.ts'

const TIMEOUT_MS = 240_000
const flooded = expect.objectContaining({
  code: 420,
  errorMessage: expect.stringMatching(/^FLOOD_WAIT_[1-9]\d*$/),
})

/** As it stands in the open: started without a fixed code, all limits at their defaults. */
describe('a public server', () => {
  let server: ServerProcess
  let codes: ShownCodes

  beforeAll(async () => {
    server = await ServerProcess.start([])
    codes = new ShownCodes(server)
  }, TIMEOUT_MS)
  afterAll(() => server.dispose())

  let nextAddress = 1
  /** Each test comes from an address of its own, so that none uses up another's share. */
  const freshAddress = () => `127.0.7.${nextAddress++}`
  const open = (localAddress: string) => RawClient.open(server.endpoints, { localAddress })

  it('gives the same answer to who asks for a code of a known and of an unknown number', async () => {
    const client = await open(freshAddress())
    const known = freshPhone()
    await logIn(client, known, 'Known', codes.codeFor)
    const other = await open(freshAddress())
    const ask = async (phoneNumber: string) => {
      const settings = { _: 'codeSettings' }
      const call = { _: 'auth.sendCode', phoneNumber, apiId: 1, apiHash: 'a', settings }
      const { phoneCodeHash, ...rest } = await other.call<{ phoneCodeHash: string }>(call)
      return { ...rest, hashLength: phoneCodeHash.length }
    }
    expect(await ask(known)).toEqual(await ask(freshPhone()))
    client.close()
    other.close()
  })

  it('lets a code be tried a few times, then not at all', async () => {
    const client = await open(freshAddress())
    const attempt = await askForCode(client, freshPhone())
    const right = await codes.codeFor(attempt.phoneNumber)
    const wrong = right === '00000' ? '00001' : '00000'
    const tryWith = (phoneCode: string) => client.call({ _: 'auth.signIn', ...attempt, phoneCode })
    for (let i = 0; i < 5; i++)
      await expect(tryWith(wrong)).rejects.toMatchObject({ errorMessage: 'PHONE_CODE_INVALID' })
    await expect(tryWith(right)).rejects.toMatchObject({ errorMessage: 'PHONE_CODE_EXPIRED' })
    await expect(tryWith(right)).rejects.toMatchObject({ errorMessage: 'PHONE_CODE_EXPIRED' })
    client.close()
  })

  it('makes wait who asks for codes without end, by key and by address', async () => {
    const address = freshAddress()
    const first = await open(address)
    const untilRefused = async (client: RawClient) => {
      for (let asked = 0; ; asked++) {
        const refusal = await askForCode(client, freshPhone()).then(
          () => undefined,
          (error: unknown) => error,
        )
        if (refusal === undefined) continue
        expect(refusal).toEqual(flooded)
        return asked
      }
    }
    expect(await untilRefused(first)).toBe(5)
    let together = 5
    for (let keys = 1; keys < 10; keys++) {
      const next = await open(address)
      const asked = await untilRefused(next)
      next.close()
      together += asked
      if (asked === 0) break
    }
    expect(together).toBeLessThanOrEqual(30)
    const elsewhere = await open(freshAddress())
    await askForCode(elsewhere, freshPhone())
    for (const client of [first, elsewhere]) client.close()
  })

  it('makes wait who sends too much, and nobody else', async () => {
    const [sender, other] = [await open(freshAddress()), await open(freshAddress())]
    const phones = [freshPhone(), freshPhone()] as const
    await logIn(sender, phones[0], 'Sender', codes.codeFor)
    await logIn(other, phones[1], 'Other', codes.codeFor)
    const peer = await peerOf(sender, phones[1])
    const sends = Array.from({ length: 150 }, (_, i) => sendText(sender, peer, `number ${i}`, BigInt(i + 1)))
    const results = await Promise.allSettled(sends)
    const refused = results.filter((result) => result.status === 'rejected')
    expect(refused.length).toBeGreaterThan(30)
    for (const { reason } of refused) expect(reason).toEqual(flooded)
    await sendText(other, await peerOf(other, phones[0]), 'hello', 1n)
    sender.close()
    other.close()
  })

  it('bounds the key exchanges that one address leaves half open', async () => {
    const address = freshAddress()
    const rsaKey = parseRsaPublicKey(await readFile(server.endpoints.rsaPublicKey, 'utf8'))
    const begin = async (localAddress: string) => {
      const link = await RawLink.open(server.endpoints, { localAddress })
      link.send(new ClientExchange({ rsaKey }).start(Date.now()))
      await link.next()
      return link
    }
    const links = await Promise.all(Array.from({ length: 230 }, () => begin(address)))
    const refused = links.filter((link) => link.transportError === -429)
    expect(refused.length).toBe(30)
    const elsewhere = await begin(freshAddress())
    expect(elsewhere.transportError).toBeUndefined()
    for (const link of [...links, elsewhere]) link.close()
  })
})

describe(
  'an address',
  () => {
    let server: ServerProcess
    const CLIENTS = 3

    beforeAll(async () => {
      server = await ServerProcess.start([
        '--login-code',
        LOGIN_CODE,
        '--clients-per-address',
        String(CLIENTS),
      ])
    })
    afterAll(() => server.dispose())

    it('has a bounded number of connections', async () => {
      const localAddress = '127.0.8.1'
      const open = () => RawLink.open(server.endpoints, { localAddress })
      const links = [await open(), await open(), await open()]
      const fourth = await open()
      expect(await fourth.untilClosed()).toBeUndefined()
      const elsewhere = await RawClient.open(server.endpoints, { localAddress: '127.0.8.2' })
      for (const link of [...links, elsewhere]) link.close()
    })

    it('makes a bounded number of keys, then has to wait', async () => {
      const localAddress = '127.0.8.3'
      const makeKey = async () => {
        const client = await RawClient.open(server.endpoints, { localAddress })
        client.close()
        await client.link.untilClosed()
      }
      for (let i = 0; i < CLIENTS; i++) await makeKey()
      await expect(makeKey()).rejects.toThrow('transport error -429')
    })
  },
  TIMEOUT_MS,
)
