import type { BlobCopies } from '@heliograph/storage'
import { DirectoryCopies } from '@heliograph/storage/files'
import { SeaweedCopies } from '@heliograph/storage/seaweedfs'
import { Command } from 'commander'
import { z } from 'zod'
import type { StoreOptions } from '../../start/options/stores.ts'
import { commaSeparated } from '../../start/options/types.ts'
import { serversOf } from '../../start/stores.ts'
import { JSON_FIELD, jsonOf, onStores } from '../open.ts'
import { ProgressLine } from '../replay/progress.ts'
import { type Repaired, repairBlobs } from './repair.ts'

const MAX_LISTED = 20
const FIELDS = {
  ...JSON_FIELD,
  from: {
    value: '<dirs>',
    description: 'directories that hold copies of the blobs (<data>/blobs of a backup), comma-separated',
    type: commaSeparated,
  },
  seaweedMaster: {
    value: '<url>',
    description: "URL of SeaweedFS's master, to read every replica by itself",
    type: z.url('expected a URL, such as http://127.0.0.1:9333').optional(),
  },
}
type Places = { readonly from: readonly string[]; readonly seaweedMaster?: string | undefined }

/** `heliograph blobs repair`: bad contents from copies elsewhere. Exits with 1 where some are still bad. */
export function repairCommand(): Command {
  const command = new Command('repair').description(
    'read every content, and replace what is damaged or gone by a right copy from the replicas of SeaweedFS or from other directories',
  )
  return onStores(command, FIELDS, async (stores, options) => {
    const { copies, close } = await placesOf(options)
    try {
      const line = new ProgressLine('repair', 'bytes')
      const repaired = await repairBlobs(stores, copies, (bytes) => line.update(bytes))
      line.end()
      for (const text of options.json ? [jsonOf(repaired)] : linesOf(repaired, copies.length))
        console.log(text)
      if (repaired.beyond.length > 0) process.exitCode = 1
    } finally {
      await close()
    }
  })
}

async function placesOf(
  options: StoreOptions & Places,
): Promise<{ copies: readonly BlobCopies[]; close: () => Promise<void> }> {
  const copies: BlobCopies[] = options.from.length > 0 ? [new DirectoryCopies(options.from)] : []
  const servers = await serversOf(options)
  if (servers === undefined || options.seaweedMaster === undefined)
    return { copies, close: async () => undefined }
  const replicas = new SeaweedCopies({
    filer: servers.seaweedfs,
    directory: options.namespace,
    master: options.seaweedMaster,
  })
  return { copies: [replicas, ...copies], close: () => replicas.close() }
}

function linesOf({ contents, bytes, repaired, beyond }: Repaired, places: number): string[] {
  const lines = [
    `${contents} contents of ${bytes} bytes read, ${repaired.length} repaired, ${beyond.length} still bad`,
  ]
  for (const { why, document, content, chunks } of repaired.slice(0, MAX_LISTED))
    lines.push(`  ${why}, repaired (${chunks} chunks): document ${document} ${content}`)
  for (const { why, document, content } of beyond.slice(0, MAX_LISTED))
    lines.push(`  ${why}, no right copy: document ${document} ${content}`)
  if (beyond.length > 0 && places === 0)
    lines.push(
      'no other place was looked at: name directories with --from, or the master with --seaweed-master',
    )
  return lines
}
