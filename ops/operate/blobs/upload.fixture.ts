import { createDocument, fileOfBytes } from '@heliograph/gateway/rpc'
import type { RecordCodec } from '@heliograph/schemas/avro'
import type { OneActor } from '../../simulation/media/actor.ts'
import type { EmbeddedStores } from '../../start/embedded.ts'

export const NOW = 1_700_000_000

type Ports = Pick<EmbeddedStores['ports'], 'tables' | 'keyring' | 'blobs'> & { readonly codec: RecordCodec }

/** Uploads a file, as a gateway does. */
export async function uploadAs(
  ports: Ports,
  actor: OneActor,
  { id, user, bytes }: { readonly id: bigint; readonly user: number; readonly bytes: Buffer },
): Promise<void> {
  const ask = (_topic: string, _key: string, command: never) => actor.ask(command)
  const services = { ...ports, commands: { ask }, nowMs: () => NOW * 1000 }
  const main = fileOfBytes(bytes)
  const value = {
    _: 'document',
    id,
    accessHash: 0n,
    fileReference: new Uint8Array(0),
    date: NOW,
    mimeType: 'text/plain',
    size: main.sizeBytes,
    dcId: 1,
    attributes: [],
  } as const
  const context = { services, user, caller: undefined, now: NOW } as never
  await createDocument(context, {
    value: { ...value, attributes: [] },
    main,
    sizes: [],
    sizesFile: undefined,
  })
}
