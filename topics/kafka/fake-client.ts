import type { LogRecord, Offset } from '../log.ts'
import type { GroupMembership, KafkaClient, Place, Reading, RecordSink, TopicShape } from './client.ts'

type Produced = { readonly records: readonly LogRecord[]; readonly answer: (at: number | Error) => void }

/** A broker of one partition that answers when a test says so. */
export class FakeClient implements KafkaClient {
  /** What was sent and is not answered. */
  readonly sent: Produced[] = []
  /** The end that it tells. */
  end = 0
  endsAsked = 0
  sink: RecordSink | undefined
  resumed = 0
  isReadingClosed = false

  produce(_place: Place, records: readonly LogRecord[]): Promise<Offset> {
    return new Promise((resolve, reject) => {
      const answer = (at: number | Error) => {
        if (typeof at === 'number') resolve(at as Offset)
        else reject(at)
      }
      this.sent.push({ records, answer })
    })
  }

  async offset(): Promise<Offset> {
    this.endsAsked++
    return this.end as Offset
  }

  read(_place: Place, _from: Offset, sink: RecordSink): Reading {
    this.sink = sink
    return {
      resume: () => void this.resumed++,
      close: () => {
        this.isReadingClosed = true
      },
    }
  }

  async describe(): Promise<Map<string, TopicShape>> {
    return new Map()
  }
  async list(): Promise<string[]> {
    return []
  }
  async brokers(): Promise<number> {
    return 1
  }
  async create(): Promise<void> {}
  async remove(): Promise<void> {}
  join(): Promise<GroupMembership> {
    return Promise.reject(new Error('a fake client has no groups'))
  }
  async committed(): Promise<Offset | undefined> {
    return undefined
  }
  async close(): Promise<void> {}
  abandon(): void {}
}
