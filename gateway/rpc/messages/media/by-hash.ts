import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { contentHolders } from '@heliograph/storage'
import type { Handler } from '../../handler.ts'
import { contentName } from '../../upload/content-store.ts'
import { findFile } from '../../upload/documents.ts'
import { stamped } from '../../upload/stamp.ts'

const SHA256_BYTES = 32
const MAX_LOOKED_AT = 100
const NONE: TlType<'Document'> = { _: 'documentEmpty', id: 0n }

/**
 * `messages.getDocumentByHash`: a document with this content. Only of those that the caller has uploaded: otherwise anybody
 * who has a file could find out whether somebody else has sent it.
 */
export const getDocumentByHash: Handler<'messages.getDocumentByHash'> = async (call, context) => {
  const { services, user } = context
  if (call.sha256.length !== SHA256_BYTES) throw new RpcError(400, 'SHA256_HASH_INVALID')
  const name = contentName(services.keyring, Buffer.from(call.sha256))
  const holders = await services.tables.range(contentHolders, { name }, { limit: MAX_LOOKED_AT })
  for (const { documentId, uploaderId } of holders) {
    if (uploaderId !== user || documentId === null) continue
    const value = (await findFile(services, documentId))?.value
    if (value?._ !== 'document' || value.size !== call.size || value.mimeType !== call.mimeType) continue
    return stamped(services, user, value)
  }
  return NONE
}
