import { Command } from 'commander'
import { flag, JSON_FIELD, jsonOf, type Opened, onStores } from '../open.ts'
import { ProgressLine } from '../replay/progress.ts'
import { tableOf } from '../table.ts'
import { findOrphans, type OrphanReport, removeOrphans } from './orphans.ts'
import { repairCommand } from './repair-command.ts'
import { type BlobUsage, blobUsage, sharing } from './usage.ts'
import { type Verified, verifyBlobs } from './verify.ts'

const MAX_LISTED = 20
const FIELDS = {
  ...JSON_FIELD,
  verify: flag('read every content and compare it with its hash'),
  orphans: flag('look for blobs that nothing has, and for contents without a blob'),
  removeOrphans: flag('with --orphans: remove those blobs'),
}

interface Findings {
  readonly usage: BlobUsage
  readonly orphans?: OrphanReport
  readonly verified?: Verified
}

/** `heliograph blobs`: what the files of this deployment take, and whether they are whole. Exits with 1 where not. */
export function blobsCommand(): Command {
  const command = new Command('blobs').description(
    'what is kept of files, how much is saved by keeping the same once, and whether all of it is whole',
  )
  // Options behind `repair` are its own, not this command's of the same name.
  command.enablePositionalOptions().addCommand(repairCommand())
  return onStores(command, FIELDS, async (stores, options) => {
    const findings: Findings = {
      usage: await blobUsage(stores),
      ...(options.orphans && { orphans: await findOrphans(stores) }),
      ...(options.verify && { verified: await verified(stores) }),
    }
    if (options.removeOrphans && findings.orphans) await removeOrphans(stores, findings.orphans.orphans)
    for (const line of options.json ? [jsonOf(findings)] : linesOf(findings)) console.log(line)
    const { orphans, verified: checked } = findings
    if ((orphans?.missing.length ?? 0) > 0 || (checked?.bad.length ?? 0) > 0) process.exitCode = 1
  })
}

async function verified(stores: Opened): Promise<Verified> {
  const line = new ProgressLine('verify', 'bytes')
  const result = await verifyBlobs(stores, (bytes) => line.update(bytes))
  line.end()
  return result
}

function linesOf({ usage, orphans, verified: checked }: Findings): string[] {
  const table = tableOf('', 'number', 'bytes')
  table.push(['documents', usage.documents, ''])
  table.push(['contents', usage.contents, usage.storedBytes])
  table.push(['… as documents refer to them', '', usage.referredBytes])
  table.push(['… free, to go after their grace period', usage.free, usage.freeBytes])
  table.push(['given up, to be erased', usage.toErase, ''])
  table.push(['parts of uploads', usage.parts, usage.partBytes])
  const lines = [table.toString(), `each stored byte is used ${sharing(usage).toFixed(2)} times`]
  if (orphans !== undefined) {
    lines.push(`${orphans.orphans.length} orphans, ${orphans.missing.length} contents without a blob`)
    for (const name of orphans.missing.slice(0, MAX_LISTED)) lines.push(`  without a blob: ${name}`)
  }
  if (checked !== undefined) {
    lines.push(`${checked.contents} contents of ${checked.bytes} bytes read, ${checked.bad.length} bad`)
    for (const { document, content, why } of checked.bad.slice(0, MAX_LISTED))
      lines.push(`  ${why}: document ${document} ${content}`)
  }
  return lines
}
