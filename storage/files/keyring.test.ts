import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeKeyring, describeKeyStore } from '../keyring.contract.ts'
import { StoreEnvironment } from '../lmdb/environment.ts'
import { LmdbKeyStore } from '../lmdb/key-store.ts'
import { MemoryKeyStore } from '../memory/keyring.ts'
import { openKeyring } from './keyring.ts'
import { UnusableMasterKey } from './master-key.ts'

const temporary = () => mkdtempSync(join(tmpdir(), 'heliograph-keys-'))

describeKeyring('a master key file over LMDB', async () => {
  const directory = temporary()
  const environment = await StoreEnvironment.open(directory)
  const again = () => openKeyring(join(directory, 'master.key'), new LmdbKeyStore(environment))
  return {
    keyring: await again(),
    again,
    dispose: async () => {
      await environment.close()
      rmSync(directory, { recursive: true })
    },
  }
})

describeKeyStore('LmdbKeyStore', async () => {
  const directory = temporary()
  const environment = await StoreEnvironment.open(directory)
  return {
    store: new LmdbKeyStore(environment),
    dispose: async () => {
      await environment.close()
      rmSync(directory, { recursive: true })
    },
  }
})

it('the master key file is private, made once, and refused where it is not usable', async () => {
  const directory = temporary()
  const path = join(directory, 'master.key')
  const store = new MemoryKeyStore()
  const open = () => openKeyring(path, store)
  const macs = (await Promise.all([open(), open()])).map((keyring) =>
    keyring.mac('phone', 'd').toString('hex'),
  )
  expect(macs[0]).toBe(macs[1])
  expect(readdirSync(directory)).toEqual(['master.key'])
  expect(statSync(path).mode & 0o777).toBe(0o600)
  chmodSync(path, 0o644)
  await expect(open()).rejects.toThrow(`${path} can be read by others: make it private with chmod 600`)
  chmodSync(path, 0o600)
  writeFileSync(path, 'short')
  await expect(open()).rejects.toThrow(UnusableMasterKey)
  rmSync(directory, { recursive: true })
})
