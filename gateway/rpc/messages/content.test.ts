import { chatIdOf, EmbeddedRegistry, type PeerId, RecordCodec } from '@heliograph/schemas/avro'
import { chatScope, memoryKeyring } from '@heliograph/storage'
import { beforeAll, describe, expect, it } from 'vitest'
import { chatKey, openBody, sealBody, textContent } from './content.ts'
import { MAX_RECENT_BODIES, RecentBodies } from './recent-bodies.ts'
import { ALICE, BOB } from './test-rig.ts'

const chat = chatIdOf(ALICE, BOB as number as PeerId)
const other = chatIdOf(ALICE, ALICE as number as PeerId)

describe('message bodies', () => {
  let codec: RecordCodec
  beforeAll(async () => {
    codec = await RecordCodec.create(new EmbeddedRegistry())
  })

  it('open as they were sealed, by this process or by another', async () => {
    const keyring = memoryKeyring()
    const content = textContent('hello')
    const sealed = await sealBody({ keyring, codec }, chat, content)
    const key = await chatKey({ keyring, codec }, chat)
    expect(openBody({ keyring, codec }, chat, key, sealed)).toEqual(content)
    // Another keyring object over the same key remembers nothing.
    const elsewhere = Object.create(keyring)
    expect(openBody({ keyring: elsewhere, codec }, chat, key, sealed)).toEqual(content)
  })

  it('do not open for another chat, changed, or without a key', async () => {
    const keyring = memoryKeyring()
    const sealed = await sealBody({ keyring, codec }, chat, textContent('hello'))
    const key = await chatKey({ keyring, codec }, chat)
    expect(openBody({ keyring, codec }, other, key, sealed)).toBeUndefined()
    const changed = Buffer.from(sealed)
    changed[changed.length - 1]! ^= 1
    expect(openBody({ keyring, codec }, chat, key, changed)).toBeUndefined()
    await keyring.shred(chatScope(chat))
    const gone = await chatKey({ keyring, codec }, chat)
    expect(openBody({ keyring, codec }, chat, gone, sealed)).toBeUndefined()
  })
})

it('remembers a bounded number of bodies, the latest', () => {
  const recent = new RecentBodies()
  const [key, newKey] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  const bytes = (n: number) =>
    Buffer.concat([Buffer.alloc(1), Buffer.alloc(12, `nonce ${n} `), Buffer.from([n & 255])])
  for (let n = 0; n <= MAX_RECENT_BODIES; n++) recent.add(chat, bytes(n), textContent(`${n}`), key)
  expect(recent.find(chat, bytes(0), key)).toBeUndefined()
  expect(recent.find(chat, bytes(1), key)?.text).toBe('1')
  expect(recent.find(chat, bytes(MAX_RECENT_BODIES), key)?.text).toBe(String(MAX_RECENT_BODIES))
  expect(recent.find(other, bytes(1), key)).toBeUndefined()
  expect(recent.find(chat, bytes(1), Buffer.from(key))?.text).toBe('1')
  expect(recent.find(chat, bytes(1), newKey)).toBeUndefined()
})
