import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readTargets } from './targets.ts'

const loginCode = '12345'
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'heliograph-targets-'))
  await writeFile(join(directory, 'key.pem'), 'PEM')
  const endpoints = { dcId: 2, tcp: '127.0.0.1:5', http: 'http://127.0.0.1:6', rsaPublicKey: 'key.pem' }
  await writeFile(join(directory, 'endpoints.json'), JSON.stringify(endpoints))
})
afterAll(() => rm(directory, { recursive: true }))

it('takes files of servers and addresses alike', async () => {
  const server = [join(directory, 'endpoints.json')]
  const tcp = ['gateway-1:2443', '[::1]:2443']
  expect(await readTargets({ server, tcp, key: join(directory, 'key.pem'), loginCode })).toEqual([
    { host: '127.0.0.1', port: 5, publicKeyPem: 'PEM', loginCode },
    { host: 'gateway-1', port: 2443, publicKeyPem: 'PEM', loginCode },
    { host: '::1', port: 2443, publicKeyPem: 'PEM', loginCode },
  ])
})

it.each([
  [{}, 'name a server'],
  [{ tcp: ['a:1'] }, '--tcp needs --key'],
  [{ server: ['/nowhere.json'] }, '/nowhere.json cannot be read'],
])('refuses %j with one line', async (flags, message) => {
  await expect(readTargets({ ...flags, loginCode })).rejects.toThrow(message)
})

it('refuses what is no address', async () => {
  const key = join(directory, 'key.pem')
  await expect(readTargets({ tcp: ['gateway'], key, loginCode })).rejects.toThrow('expected HOST:PORT')
})
