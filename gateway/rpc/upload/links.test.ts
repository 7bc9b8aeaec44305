import { memoryKeyring } from '@heliograph/storage'
import { expect, it } from 'vitest'
import { FILE_LINK_PREFIX, fileLink, linkedFile } from './links.ts'

const keyring = memoryKeyring()
const file = { documentId: 2n ** 63n - 5n, size: 'x', expires: 1000 }
const tokenOf = (path: string) => path.slice(FILE_LINK_PREFIX.length)

it('a link names its file until it ends', () => {
  const token = tokenOf(fileLink(keyring, file))
  expect(linkedFile(keyring, token, 999)).toEqual(file)
  expect(linkedFile(keyring, token, 1000)).toEqual(file)
  expect(linkedFile(keyring, token, 1001)).toBeUndefined()
})

it('nobody else can make one', () => {
  const token = Buffer.from(tokenOf(fileLink(keyring, file)), 'base64url')
  for (let i = 0; i < token.length; i++) {
    const forged = Buffer.from(token)
    forged[i]! ^= 1
    expect(linkedFile(keyring, forged.toString('base64url'), 0)).toBeUndefined()
  }
  expect(linkedFile(memoryKeyring(), token.toString('base64url'), 0)).toBeUndefined()
  for (const nonsense of ['', 'a', 'x'.repeat(200)]) expect(linkedFile(keyring, nonsense, 0)).toBeUndefined()
})
