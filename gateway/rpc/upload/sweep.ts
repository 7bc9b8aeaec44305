import type { ContentCommand, DocumentCommand } from '@heliograph/schemas/avro'
import { CONTENT_AREA, mediaExpiries, PARTS_AREA } from '@heliograph/storage'
import type { Services } from '../services.ts'
import { contentBlob } from './content-store.ts'
import { UPLOAD_SECONDS } from './limits.ts'

const DAY_SECONDS = 24 * 3600
/** One gateway sweeps at a time; whoever dies of it lets another begin after this. */
const TURN_SECONDS = 15 * 60
/** Questions to the media actor at once. */
const CONCURRENCY = 16
/** What an unfinished `put` has left behind is as old as this at least. */
const LEFTOVER_SECONDS = 24 * 3600
/** Names of whole blobs have so many characters; what is unfinished has more. */
const BLOB_NAME_LENGTH = 64

export interface Swept {
  /** Documents and contents that were asked about, and blobs that were erased. */
  readonly asked: number
  readonly erased: number
  /** Parts of abandoned uploads, and what unfinished writes have left. */
  readonly removed: number
}

type SweepServices = Pick<Services, 'tables' | 'blobs' | 'commands' | 'cache' | 'nowMs'>

/**
 * Looks at everything whose grace period may be over. What is really to go the media actor decides, from the log: nothing
 * is erased but the blobs of contents that it has given up, and those are never used again. Undefined where another gateway
 * is at it.
 */
export async function sweepMedia(services: SweepServices): Promise<Swept | undefined> {
  if (!(await services.cache.add('media-sweep', Buffer.alloc(1), TURN_SECONDS))) return undefined
  try {
    const { asked, erased } = await sweepExpiries(services)
    const parts = await sweepArea(services, PARTS_AREA, UPLOAD_SECONDS, () => true)
    const isUnfinished = (name: string) => name.length > BLOB_NAME_LENGTH
    const leftovers = await sweepArea(services, CONTENT_AREA, LEFTOVER_SECONDS, isUnfinished)
    return { asked, erased, removed: parts + leftovers }
  } finally {
    await services.cache.delete('media-sweep')
  }
}

async function sweepExpiries(services: SweepServices): Promise<{ asked: number; erased: number }> {
  const today = Math.floor(services.nowMs() / 1000 / DAY_SECONDS)
  let [asked, erased] = [0, 0]
  let running: Promise<unknown>[] = []
  for await (const { day, key } of services.tables.scan(mediaExpiries)) {
    if (day === null || key === null || day > today) continue
    if (key.startsWith('blob:')) erased++
    else asked++
    running.push(sweepOne(services, key))
    if (running.length < CONCURRENCY) continue
    await Promise.all(running)
    running = []
  }
  await Promise.all(running)
  return { asked, erased }
}

async function sweepOne(services: SweepServices, key: string): Promise<void> {
  const [kind, id = ''] = key.split(':')
  if (kind === 'document') {
    const command: DocumentCommand = { type: 'SweepDocument', documentId: BigInt(id) }
    await services.commands.ask('media.commands', key, command, undefined)
  } else if (kind === 'file') await askContent(services, { type: 'SweepContent', name: id })
  else await eraseBlob(services, id)
}

/** The blob first: as long as the row is there it is tried again. */
async function eraseBlob(services: SweepServices, blob: string): Promise<void> {
  const dot = blob.lastIndexOf('.')
  const ref = { name: blob.slice(0, dot), generation: Number(blob.slice(dot + 1)) }
  await services.blobs.delete(contentBlob(ref))
  await askContent(services, { type: 'EraseBlob', ...ref })
}

const askContent = ({ commands }: SweepServices, command: ContentCommand) =>
  commands.ask('media.commands', `file:${command.name}`, command, undefined)

async function sweepArea(
  { blobs, nowMs }: SweepServices,
  area: string,
  maxAgeSeconds: number,
  isOurs: (name: string) => boolean,
): Promise<number> {
  let removed = 0
  for await (const { name, modifiedMs } of blobs.list(area)) {
    if (!isOurs(name) || nowMs() - modifiedMs < maxAgeSeconds * 1000) continue
    await blobs.deleteListed(area, name)
    removed++
  }
  return removed
}

/** Sweeps again and again until it is ended; what fails is told and tried next time. */
export function startSweeping(
  services: SweepServices & Pick<Services, 'log'>,
  intervalMs: number,
): { close(): void } {
  const sweep = () =>
    sweepMedia(services).catch((error: unknown) => {
      services.log.warn({ reason: String(error) }, 'unused files could not be swept')
    })
  const timer = setInterval(sweep, intervalMs)
  timer.unref()
  return { close: () => clearInterval(timer) }
}
