import { randomBytes } from 'node:crypto'
import type { LoadTarget } from '../../bench/load/user.ts'
import type { SettingsOf } from '../activities/settings.ts'
import { LoadClient } from '../client/client.ts'
import type { ConnectionPorts } from '../client/connection.ts'
import type { Peer } from '../client/text.ts'
import { FileTraffic } from '../files/file-traffic.ts'
import { Interruption } from '../measure/interruption.ts'
import type { Meter } from '../measure/meter.ts'
import type { Random } from '../pace/random.ts'
import type { Findings } from '../verify/findings.ts'
import { Mailbox } from '../verify/mailbox.ts'
import { planChats } from './chat-plan.ts'
import { introduceAll, type Person, signUpAll } from './people.ts'
import type { Phones } from './phones.ts'
import type { Chat, Stage } from './stage.ts'
import { Stream } from './stream.ts'

/** pts of an account that nothing has happened to. */
const FIRST_PTS = 1
/** Interruptions of one chat that are listed one by one. */
const CHAT_LISTED_MS = 500

export interface StageParts {
  readonly users: number
  readonly settings: SettingsOf<'private'>
  readonly targets: readonly LoadTarget[]
  readonly requestTimeoutMs: number
  readonly meter: Meter
  readonly findings: Findings
  readonly random: Random
  readonly phones: Phones
  onSettled(): void
}

/** Signs everyone up, makes them known to each other and connects them, in step with their mailboxes. */
export async function setStage(parts: StageParts): Promise<Stage> {
  const { users, settings, targets, meter, random, phones } = parts
  const people = await signUpAll(
    targets,
    Array.from({ length: users }, () => () => phones.next()),
    () => meter.signedUp(),
  )
  const plan = planChats(users, settings.chatsPerUser, random)
  const partners = partnersIn(plan, users)
  const addressed = await introduceAll(people, (person) => partners[person] ?? [])
  const streams: Stream[] = []
  const ports = { targets, meter, requestTimeoutMs: parts.requestTimeoutMs }
  const clients = people.map((person, index) => clientOf(person, index, ports, parts.findings, streams))
  const chats = plan.map(([one, other]): Chat => {
    const interruption = new Interruption(CHAT_LISTED_MS)
    const direction = (from: number, to: number) => {
      const index = streams.length
      const stream = new Stream(
        {
          index,
          sender: clients[from] as LoadClient,
          receiver: clients[to] as LoadClient,
          peer: addressed[from]?.get(to) as Peer,
          interruption,
          textBytes: settings.textBytes,
          randomBase: randomBytes(8).readBigInt64LE(0) >> 2n,
        },
        parts,
      )
      streams.push(stream)
      return stream
    }
    return { interruption, streams: [direction(one, other), direction(other, one)] }
  })
  await Promise.all(clients.map((client) => client.catchUp()))
  const files = new FileTraffic(meter, parts.findings)
  return { clients, chats, streams, random, meter, targets, phones, files }
}

function partnersIn(plan: readonly (readonly [number, number])[], users: number): number[][] {
  const partners = Array.from({ length: users }, (): number[] => [])
  for (const [one, other] of plan) {
    partners[one]?.push(other)
    partners[other]?.push(one)
  }
  return partners
}

function clientOf(
  { link, key, target, id, phone }: Person,
  index: number,
  ports: ConnectionPorts,
  findings: Findings,
  streams: readonly Stream[],
): LoadClient {
  const sideIn = (stream: Stream) =>
    stream.receiver.identity.userId === id
      ? 'receiver'
      : stream.sender.identity.userId === id
        ? 'sender'
        : undefined
  const mailbox = new Mailbox(
    `user ${id}`,
    findings,
    ({ stream: number, number: message, msgId, file }) => {
      const stream = streams[number]
      const side = stream && sideIn(stream)
      if (stream !== undefined && side !== undefined) stream.told(side, message, msgId, file)
      else if (number >= 0)
        findings.add('foreign', `user ${id} was told message ${message} of stream ${number}`)
    },
    ({ stream: number, number: message }) => {
      const stream = streams[number]
      const side = stream && sideIn(stream)
      return stream === undefined || side === undefined || stream.ledger.wasTold(side, message)
    },
  )
  mailbox.pts = FIRST_PTS
  return new LoadClient(ports, { index, userId: id, phone }, mailbox, { link, key, target })
}
