import { beforeEach, describe, expect, it } from 'vitest'
import { type Rig, testRig } from '../test-rig.ts'
import { FILE_REFERENCE_SECONDS } from './limits.ts'
import { fileAccessHash, fileReference } from './stamp.ts'

const USER = 1000
const ID = 77n
const HOUR_SECONDS = 3600

describe('upload.getFile, by references that were given earlier', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await testRig()
  })

  function get(change: { fileReference?: Buffer; accessHash?: bigint; limit?: number; offset?: number }) {
    const { keyring } = rig.services
    const now = rig.nowMs / 1000
    const location = {
      _: 'inputDocumentFileLocation',
      id: ID,
      accessHash: change.accessHash ?? fileAccessHash(keyring, USER, ID),
      fileReference: change.fileReference ?? fileReference(keyring, USER, ID, now),
      thumbSize: '',
    } as const
    const { limit = 4096, offset = 0 } = change
    return rig.call('upload.getFile', { location, limit, offset }, rig.caller(USER))
  }
  const referenceOf = (ageSeconds: number, viewer = USER) =>
    fileReference(rig.services.keyring, viewer, ID, rig.nowMs / 1000 - ageSeconds)
  const refused = (call: Promise<unknown>, errorMessage: string) =>
    expect(call).rejects.toMatchObject({ code: 400, errorMessage })

  it('getFile refuses FILE_REFERENCE_EXPIRED a day later, and not before', async () => {
    await refused(
      get({ fileReference: referenceOf(FILE_REFERENCE_SECONDS + 2 * HOUR_SECONDS) }),
      'FILE_REFERENCE_EXPIRED',
    )
    await refused(get({ fileReference: referenceOf(FILE_REFERENCE_SECONDS - 1) }), 'FILE_ID_INVALID')
  })

  it('getFile refuses FILE_REFERENCE_INVALID of another viewer, FILE_REFERENCE_EMPTY and FILE_ID_INVALID', async () => {
    await refused(get({ fileReference: referenceOf(0, USER + 1) }), 'FILE_REFERENCE_INVALID')
    await refused(get({ fileReference: Buffer.alloc(0) }), 'FILE_REFERENCE_EMPTY')
    await refused(get({ accessHash: 1n }), 'FILE_ID_INVALID')
    await refused(get({}), 'FILE_ID_INVALID')
  })
})
