import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { authKeyIdOf } from '@heliograph/gateway/mtproto'
import type { Result } from '@heliograph/schemas/tl'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../eventually.ts'
import { freshPhone } from '../people.ts'
import { ServerProcess } from '../server.ts'
import { askForCode, logIn, peerOf, RawClient, sendText } from './raw-client.ts'
import { CODE_LINE, ShownCodes } from './shown-codes.ts'

const TIMEOUT_MS = 240_000

/** What users say and are, each in one piece that nothing else contains. */
const SAID = {
  firstName: 'Peregrinatrix',
  lastName: 'Quagmyrskaya',
  about: 'collects zeppelinfossils',
  text: 'thequickwombatdefenestrates',
  edited: 'theslowwombatrefenestrates',
  draft: 'halfwrittenmarzipanletter',
  contact: 'Xylographerfriend',
  ofTheServer: 'it opens your account',
} as const

describe('secrets', () => {
  let server: ServerProcess
  let codes: ShownCodes
  const phones = [freshPhone(), freshPhone()] as const
  const shown: string[] = []
  const clients: RawClient[] = []

  beforeAll(async () => {
    server = await ServerProcess.start(['--log-level', 'debug'])
    codes = new ShownCodes(server)
    for (const [i, phone] of phones.entries()) {
      const client = await RawClient.open(server.endpoints)
      clients.push(client)
      await failToLogIn(client, phone)
      await logIn(client, phone, `${SAID.firstName}${i}`, codeFor)
    }
    await live(clients[0]!, clients[1]!)
    await tellOfCode(clients[0]!)
    for (const client of clients) client.close()
  }, TIMEOUT_MS)
  afterAll(() => server.dispose())

  const codeFor = async (phone: string) => {
    const code = await codes.codeFor(phone)
    shown.push(code)
    return code
  }

  async function failToLogIn(client: RawClient, phone: string): Promise<void> {
    const attempt = await askForCode(client, phone)
    await codeFor(phone)
    await expect(client.call({ _: 'auth.signIn', ...attempt, phoneCode: '1' })).rejects.toBeDefined()
  }

  /** A code for a known number is also a message to the account's other sessions. */
  async function tellOfCode(owner: RawClient): Promise<void> {
    const stranger = await RawClient.open(server.endpoints)
    await askForCode(stranger, phones[0])
    const code = await codeFor(phones[0])
    await eventually('the code is told to the owner', () => spoken(owner.updates).includes(code))
    stranger.close()
  }

  /** Everything that a user can write, and some calls that fail. */
  async function live(one: RawClient, other: RawClient): Promise<void> {
    await other.call({ _: 'updates.getState' })
    await one.call({ _: 'account.updateProfile', lastName: SAID.lastName, about: SAID.about })
    const peer = await peerOf(one, phones[1])
    const user = { _: 'inputUser', ...peer }
    const chat = { _: 'inputPeerUser', ...peer }
    await one.call({ _: 'contacts.addContact', id: user, firstName: SAID.contact, lastName: '', phone: '' })
    await sendText(one, peer, SAID.text, 1n)
    await eventually('the message arrives', () => other.updates.length > 0)
    await one.call({ _: 'messages.saveDraft', peer: chat, message: SAID.draft })
    const found = await one.call<Result<'messages.searchGlobal'>>({
      _: 'messages.searchGlobal',
      q: SAID.text,
      filter: { _: 'inputMessagesFilterEmpty' },
      minDate: 0,
      maxDate: 0,
      offsetRate: 0,
      offsetPeer: { _: 'inputPeerEmpty' },
      offsetId: 0,
      limit: 1,
    })
    if (!('messages' in found)) throw new Error(`unexpected ${found._}`)
    const id = found.messages[0]?.id
    await one.call({ _: 'messages.editMessage', peer: chat, id, message: SAID.edited })
    await expect(one.call({ _: 'messages.getHistory', peer: chat, limit: 'many' })).rejects.toBeDefined()
    await expect(sendText(one, { ...peer, accessHash: 5n }, SAID.text, 9n)).rejects.toBeDefined()
  }

  const secretTexts = () => [
    ...Object.values(SAID),
    ...phones.map((phone) => phone.replace(/\D/g, '')),
    ...clients.flatMap(({ key }) => [
      key.authKey.toString('hex', 0, 16),
      key.authKey.toString('base64', 0, 15),
    ]),
  ]

  it('are in no line of output, but for the codes that the terminal shows by design', async () => {
    const lines = server.output.filter((line) => !CODE_LINE.test(line))
    expect(server.output.length - lines.length).toBe(2 * phones.length + 1)
    for (const secret of secretTexts()) expect(lines.filter((line) => line.includes(secret))).toEqual([])
    for (const code of shown)
      expect(lines.filter((line) => new RegExp(`(?<![\\d:])${code}(?!\\d)`).test(line))).toEqual([])
  })

  async function leaks(): Promise<string[]> {
    const keys = clients.map(({ key }) => key.authKey.subarray(64, 80))
    const forms = [
      ...secretTexts().flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')]),
      ...secretTexts().map((text) => Buffer.from(text.toLowerCase())),
      ...keys,
    ]
    const found: string[] = []
    for (const path of await filesIn(server.data)) {
      const bytes = await readFile(path)
      for (const form of forms) if (bytes.includes(form)) found.push(`${path}: ${form.toString('latin1')}`)
    }
    return found
  }

  it('stand in clear in no file, neither after a crash nor after an orderly end', async () => {
    await server.kill()
    expect(await leaks()).toEqual([])
    await server.restart()
    await server.stop()
    expect(await leaks()).toEqual([])
  })

  it('would be found: the ids of the auth keys are', async () => {
    const id = authKeyIdOf(clients[0]!.key.authKey)
    const contents = await Promise.all((await filesIn(server.data)).map((path) => readFile(path)))
    expect(contents.some((bytes) => bytes.includes(id) || bytes.includes(Buffer.from(id, 'hex')))).toBe(true)
  })

  it('lie in files that nobody else may read', async () => {
    const readable: string[] = []
    for (const path of await filesIn(server.data))
      if (((await stat(path)).mode & 0o077) !== 0) readable.push(path)
    expect(readable.map((path) => basename(path)).sort()).toEqual(['endpoints.json', 'rsa-public.pem'])
  })
})

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

const spoken = (value: unknown): string =>
  JSON.stringify(value, (_, field) => (typeof field === 'bigint' ? String(field) : field))
