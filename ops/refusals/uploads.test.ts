import { afterAll, beforeAll, describe } from 'vitest'
import { kept } from './files.ts'
import type { Person } from './person.ts'
import { refuses } from './refuses.ts'
import { World } from './world.ts'

const KIB = 1024
const SELF = { _: 'inputPeerSelf' } as const

describe('files that are uploaded', () => {
  let world: World
  let alice: Person
  beforeAll(async () => {
    world = await World.start()
    alice = await world.person('Alice')
  })
  afterAll(() => world.stop())

  const part = { fileId: 7n, filePart: 0, bytes: Buffer.alloc(KIB) } as const
  const big = { ...part, fileTotalParts: 30 } as const
  refuses('upload.saveFilePart', () => ({
    FILE_PART_EMPTY: [alice, { ...part, bytes: Buffer.alloc(0) }],
    FILE_PART_INVALID: [alice, { ...part, filePart: -1 }],
  }))
  refuses('upload.saveBigFilePart', () => ({
    FILE_PART_EMPTY: [alice, { ...big, bytes: Buffer.alloc(0) }],
    FILE_PART_INVALID: [alice, { ...big, filePart: 30 }],
    FILE_PARTS_INVALID: [alice, { ...big, fileTotalParts: 8_001 }],
    FILE_PART_SIZE_INVALID: [alice, { ...big, bytes: Buffer.alloc(KIB + 1) }],
    FILE_PART_TOO_BIG: [alice, { ...big, bytes: Buffer.alloc(513 * KIB) }],
  }))

  const none = { _: 'inputFile', id: 8n, parts: 0, name: 'x', md5Checksum: '' } as const
  refuses('messages.uploadMedia', () => ({
    FILE_PARTS_INVALID: [alice, { peer: SELF, media: { _: 'inputMediaUploadedPhoto', file: none } }],
  }))
  refuses('messages.sendMedia', async () => {
    const id = await kept(alice, Buffer.from('text'), 'text/plain')
    const send = (fileReference: Uint8Array) => {
      const media = { _: 'inputMediaDocument', id: { ...id, fileReference } } as const
      return { peer: SELF, media, message: '', randomId: 1n }
    }
    return {
      FILE_REFERENCE_EMPTY: [alice, send(Buffer.alloc(0))],
    }
  })
})
