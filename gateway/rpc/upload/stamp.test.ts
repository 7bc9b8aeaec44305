import { DOCUMENT_GRACE_SECONDS } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import { memoryKeyring } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { FILE_REFERENCE_SECONDS } from './limits.ts'
import { checkNamedFile, filesOfMedia, type NamedFile, stamped, stampedMedia } from './stamp.ts'

const NOW = 1_700_000_000
const ALICE = 1
const BOB = 2
const services = { keyring: memoryKeyring(), nowMs: () => NOW * 1000 }
const later = (seconds: number) => ({ ...services, nowMs: () => (NOW + seconds) * 1000 })

const document = (id: bigint): Tl<'document'> => ({
  _: 'document',
  id,
  accessHash: 0n,
  fileReference: new Uint8Array(0),
  date: 1,
  mimeType: 'text/plain',
  size: 1,
  dcId: 1,
  attributes: [],
})
const photo = (id: bigint): Tl<'photo'> => ({
  _: 'photo',
  id,
  accessHash: 0n,
  fileReference: new Uint8Array(0),
  date: 1,
  sizes: [],
  dcId: 1,
})

describe('what a viewer is given to name a file', () => {
  const given = stamped(services, ALICE, document(7n))
  const check =
    (file: NamedFile, viewer = ALICE, at = services) =>
    () =>
      checkNamedFile(at, viewer, file, 'FILE_ID_INVALID')

  it('is good for a day, and shorter than the file is kept', () => {
    expect(check(given)).not.toThrow()
    expect(check(given, ALICE, later(FILE_REFERENCE_SECONDS))).not.toThrow()
    expect(check(given, ALICE, later(FILE_REFERENCE_SECONDS + 3601))).toThrow('FILE_REFERENCE_EXPIRED')
    expect(FILE_REFERENCE_SECONDS + 3600).toBeLessThan(DOCUMENT_GRACE_SECONDS / 2)
  })

  it('is the same within an hour, so that clients see no change', () => {
    expect(stamped(later(10), ALICE, document(7n))).toEqual(given)
  })

  it('is worth nothing to others, for other files, or changed', () => {
    expect(check(given, BOB)).toThrow('FILE_ID_INVALID')
    expect(check({ ...given, id: 8n })).toThrow('FILE_ID_INVALID')
    expect(check({ ...given, accessHash: given.accessHash ^ 1n })).toThrow('FILE_ID_INVALID')
    expect(check({ ...given, fileReference: new Uint8Array(0) })).toThrow('FILE_REFERENCE_EMPTY')
    expect(check({ ...given, fileReference: new Uint8Array(5) })).toThrow('FILE_REFERENCE_INVALID')
    for (let i = 0; i < given.fileReference.length; i++) {
      const forged = Uint8Array.from(given.fileReference)
      forged[i]! ^= 1
      expect(check({ ...given, fileReference: forged })).toThrow('FILE_REFERENCE_INVALID')
    }
  })

  it('is refused by its place in an album', () => {
    const album = () =>
      checkNamedFile(services, ALICE, { ...given, fileReference: new Uint8Array(0) }, 'MEDIA_EMPTY', 3)
    expect(album).toThrow('FILE_REFERENCE_3_EMPTY')
  })
})

it('media of all kinds is given with its files to name, and without changing what is kept', () => {
  const media = {
    _: 'messageMediaDocument',
    document: document(1n),
    videoCover: photo(2n),
    altDocuments: [document(3n)],
  } as const
  const shown = stampedMedia(services, ALICE, { ...media, altDocuments: [...media.altDocuments] })
  expect(shown).toMatchObject({
    document: { id: 1n, accessHash: stamped(services, ALICE, document(1n)).accessHash },
    videoCover: { accessHash: stamped(services, ALICE, photo(2n)).accessHash },
    altDocuments: [{ accessHash: stamped(services, ALICE, document(3n)).accessHash }],
  })
  expect(media.document.accessHash).toBe(0n)
  expect(filesOfMedia(shown)).toEqual([1n, 2n, 3n])
  const dice = { _: 'messageMediaDice', value: 1, emoticon: '🎲' } as const
  expect(stampedMedia(services, ALICE, dice)).toBe(dice)
  expect(filesOfMedia(dice)).toEqual([])
})
