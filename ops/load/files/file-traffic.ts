import { randomBytes } from 'node:crypto'
import type { Meter } from '../measure/meter.ts'
import type { FileMessage, Stream } from '../traffic/stream.ts'
import type { Findings } from '../verify/findings.ts'
import type { Content, Contents } from './content.ts'
import { Slots } from './slots.ts'
import { download, type FileLocation, TransferEnded, type TransferPorts, upload } from './transfer.ts'

/** Files of one process that are on their way up at once, and down. */
const TRANSFERS = 8
/** Files that may wait for that, each way. */
const MAX_WAITING = 10_000
/** The server has forgotten parts of the upload, as it may when it is killed. */
const PARTS_MISSING = /^400 FILE_PART_\d+_MISSING$/

/** One file on its way from a stream's sender to its receiver. */
interface SentFile {
  readonly stream: Stream
  readonly content: Content
  readonly contents: Contents
  readonly id: bigint
  readonly intendedMs: number
  sha256: string
}

/** Files that go from people to their partners, each of which is downloaded and compared with what was sent. */
export class FileTraffic {
  private readonly meter: Meter
  private readonly findings: Findings
  private readonly uploads = new Slots(TRANSFERS, MAX_WAITING)
  private readonly downloads = new Slots(TRANSFERS, MAX_WAITING)
  private readonly ports: TransferPorts
  private isOver = false

  constructor(meter: Meter, findings: Findings) {
    this.meter = meter
    this.findings = findings
    this.ports = { meter, isOver: () => this.isOver }
  }

  /** Uploads a file and sends it; latencies count from `intendedMs`. */
  send(stream: Stream, contents: Contents, content: Content, intendedMs: number): void {
    const id = randomBytes(8).readBigInt64LE()
    const file: SentFile = { stream, content, contents, id, intendedMs, sha256: '' }
    this.enqueue(this.uploads, async () => {
      const parts = await this.upload(file)
      if (!this.isOver && parts !== undefined) stream.sendFile(this.messageOf(file, parts))
    })
  }

  /** Nothing is on its way up or down. */
  get isIdle(): boolean {
    return this.uploads.count + this.downloads.count === 0
  }

  /** Ends what is still on its way; a file that was not uploaded by now counts as an error. */
  stop(): void {
    this.isOver = true
  }

  private messageOf(file: SentFile, parts: number): FileMessage {
    return {
      media: {
        _: 'inputMediaUploadedDocument',
        file: { _: 'inputFile', id: file.id, parts, name: 'load.bin', md5Checksum: '' },
        mimeType: 'application/octet-stream',
        attributes: [],
        forceFile: true,
      },
      acknowledged: () => {
        const isSlow = file.stream.sender.connection.wasSlowSince(file.intendedMs)
        const afterMs = isSlow ? undefined : performance.now() - file.intendedMs
        this.meter.fileSent(afterMs, file.content.isRepeated)
      },
      arrived: (name, location, done) => this.fetch(file, name, location, done),
      refused: (kind, again) => PARTS_MISSING.test(kind) && this.uploadAgain(file, again),
    }
  }

  private uploadAgain(file: SentFile, again: () => void): boolean {
    return this.enqueue(this.uploads, async () => {
      if ((await this.upload(file)) !== undefined) again()
    })
  }

  /** How many parts there were; undefined where that failed. */
  private async upload(file: SentFile): Promise<number | undefined> {
    const { stream, contents, content, id } = file
    try {
      const { count, sha256 } = await upload(stream.sender, id, contents.partsOf(content), this.ports)
      file.sha256 = sha256
      return count
    } catch (error) {
      const { message } = error as Error
      if (error instanceof TransferEnded) this.meter.error('a file was not uploaded in time')
      else this.findings.add('refused', `the upload of a file ${stream.ledger.name}: ${message}`)
      return undefined
    }
  }

  private fetch(file: SentFile, name: string, location: FileLocation | undefined, done: () => void): void {
    const toldMs = performance.now()
    if (location === undefined) {
      done()
      return this.findings.add('damaged', `${name} came without its file`)
    }
    this.enqueue(this.downloads, async () => {
      try {
        this.compare(file, name, toldMs, await download(file.stream.receiver, location, this.ports))
      } catch (error) {
        // What the end came before is found by those who ask for what is missing.
        if (error instanceof TransferEnded) return
        this.findings.add('lost', `the file of ${name}: ${(error as Error).message}`)
      }
      done()
    })
  }

  private compare({ stream, sha256 }: SentFile, name: string, toldMs: number, received: string): void {
    if (received !== sha256)
      return this.findings.add('damaged', `the file of ${name} has other bytes than were sent`)
    const isSlow = stream.receiver.connection.wasSlowSince(toldMs)
    this.meter.fileReceived(isSlow ? undefined : performance.now() - toldMs)
  }

  private enqueue(slots: Slots, work: () => Promise<void>): boolean {
    const fits = slots.run(work)
    if (!fits) this.meter.error('too many files wait')
    return fits
  }
}
