import { Readable } from 'node:stream'
import type { ContentRef } from '@heliograph/schemas/avro'
import { CONTENT_AREA, type Keyring, sealChunks, sealedSize } from '@heliograph/storage'
import type { CallContext } from '../handler.ts'
import type { FileSource } from './uploaded.ts'

/** The name of a content in this deployment: without its secret nobody can tell whether a known file is there. */
export const contentName = (keyring: Keyring, sha256: Buffer): string =>
  keyring.mac('content-name', sha256).toString('hex')

/** The key of a content, which only the deployment can make of its hash (docs/decisions/0015). */
export const contentKeyOf = (keyring: Keyring, sha256: Buffer): Buffer => keyring.mac('content-key', sha256)

export const contentBlob = ({ name, generation }: ContentRef): string =>
  `${CONTENT_AREA}/${name}.${generation}`

/**
 * Keeps a content, once however often it comes, and resolves to where it is when that is durable. It stays for
 * `CONTENT_GRACE_SECONDS` until a document refers to it.
 */
export async function storeContent(context: CallContext, file: FileSource): Promise<ContentRef> {
  const { services, caller } = context
  const name = contentName(services.keyring, file.sha256)
  const key = `file:${name}`
  const { sizeBytes } = file
  const reservation = { type: 'ReserveContent', name, sizeBytes } as const
  const reply = await services.commands.ask('media.commands', key, reservation, caller)
  const { generation, stored } = reply.content!
  const ref = { name, generation }
  services.telemetry?.file?.(stored ? 'known' : 'stored', sizeBytes)
  if (stored) return ref
  const sealed = Readable.from(sealChunks(file.bytes(), contentKeyOf(services.keyring, file.sha256)), {
    objectMode: true,
    highWaterMark: 4,
  })
  await services.blobs.put(contentBlob(ref), sealed, sealedSize(sizeBytes))
  await services.commands.ask('media.commands', key, { type: 'StoreContent', ...ref }, caller)
  return ref
}
