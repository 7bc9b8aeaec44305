import { randomBytes } from '@heliograph/gateway/mtproto'
import { RPC_ERROR_ID } from '@heliograph/schemas/tl'
import { Latencies } from '../latency.ts'
import type { LoadResult, Workload } from '../workload.ts'
import { type GroupPeer, makeGroup } from './group-chat.ts'
import { groupHistoryCount } from './history.ts'
import { MARK, MessageTemplate } from './message-template.ts'
import { say } from './process-lines.ts'
import type { LoadTarget, LoadUser } from './user.ts'

type GroupWorkload = Extract<Workload, { kind: 'group' }>

const MARK_BYTES = Buffer.from(MARK)
const DRAIN_TIMEOUT_MS = 60_000
const MICROSECONDS = 1000

/** One sender in a group in which everybody is connected, and what the others have got. */
class Crowd {
  readonly sender: LoadUser
  readonly listeners: readonly LoadUser[]
  sent = 0
  acknowledged = 0
  delivered = 0
  acknowledgedAfter = new Latencies()
  deliveredAfter = new Latencies()
  private readonly template: MessageTemplate
  private readonly sentAt: number[] = []
  private onProgress: () => void = () => {}

  constructor(sender: LoadUser, listeners: readonly LoadUser[], peer: GroupPeer) {
    this.sender = sender
    this.listeners = listeners
    this.template = new MessageTemplate(peer, randomBytes(8).readBigInt64LE(0) >> 2n)
    for (const listener of listeners) this.listen(listener)
  }

  /** Every listener gets the messages in the order of sending, each once. */
  private listen(listener: LoadUser): void {
    let next = 0
    listener.link.onUpdate = (body) => {
      for (let at = body.indexOf(MARK_BYTES); at >= 0; at = body.indexOf(MARK_BYTES, at + 1)) {
        const number = Number(body.toString('latin1', at + MARK.length, at + MARK.length + 8))
        if (number !== next) throw new Error(`message ${number} arrived where ${next} was next`)
        next += 1
        this.delivered += 1
        this.deliveredAfter.add((performance.now() - this.sentAt[number]!) * MICROSECONDS)
      }
      this.onProgress()
    }
  }

  /** Sends `count` messages, `inFlight` of them unacknowledged at most; resolves when everybody has all. */
  round(count: number, inFlight: number): Promise<void> {
    const until = this.sent + count
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(this.state())), DRAIN_TIMEOUT_MS)
      this.onProgress = () => {
        while (this.sent < until && this.sent - this.acknowledged < inFlight) this.send()
        const isDone = this.acknowledged === until && this.delivered === until * this.listeners.length
        if (!isDone) return
        clearTimeout(late)
        resolve()
      }
      this.onProgress()
    })
  }

  private state(): string {
    const { sent, acknowledged, delivered, listeners } = this
    return `messages were lost: ${sent} sent, ${acknowledged} acknowledged, ${delivered} of ${sent * listeners.length} delivered`
  }

  private send(): void {
    const number = this.sent++
    this.sentAt[number] = performance.now()
    this.sender.link.send(this.template.with(number), (result) => {
      if (result.readInt32LE(0) === RPC_ERROR_ID)
        throw new Error(`send failed: ${result.subarray(9).toString()}`)
      this.acknowledged += 1
      this.acknowledgedAfter.add((performance.now() - this.sentAt[number]!) * MICROSECONDS)
      this.onProgress()
    })
  }
}

/** A group of which every member is connected: what one of them says reaches all others. */
export async function runGroup(workload: GroupWorkload, target: LoadTarget): Promise<LoadResult> {
  const { users, peer, peerOfListener } = await makeGroup(workload, target)
  const [sender, ...listeners] = users as [LoadUser, ...LoadUser[]]
  const crowd = new Crowd(sender, listeners, peer)
  say({ mark: 'connected' })
  await crowd.round(workload.warmUpMessages, workload.inFlight)
  crowd.acknowledgedAfter = new Latencies()
  crowd.deliveredAfter = new Latencies()
  say({ mark: 'measuring' })
  const cpuBefore = process.cpuUsage()
  const started = performance.now()
  for (let round = 0; round < workload.rounds; round++)
    await crowd.round(workload.messages, workload.inFlight)
  const seconds = (performance.now() - started) / 1000
  const cpu = process.cpuUsage(cpuBefore)
  say({ mark: 'measured' })
  return {
    messages: workload.rounds * workload.messages,
    deliveries: crowd.deliveredAfter.count,
    seconds,
    acknowledged: crowd.acknowledgedAfter.summary(),
    delivered: crowd.deliveredAfter.summary(),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    sentInAll: crowd.sent,
    foundInHistory: await groupHistoryCount(listeners[0]!, peerOfListener, crowd.sent),
    keyExchangesPerSecond: undefined,
    signInsPerSecond: undefined,
  }
}
