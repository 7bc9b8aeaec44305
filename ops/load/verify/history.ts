import type { Findings } from './findings.ts'
import type { MailboxMessage } from './mailbox.ts'
import type { Side, StreamLedger } from './stream.ts'

/** A chat as its two members' histories show it, oldest first, and the streams whose messages belong into it. */
export interface ChatHistories {
  readonly name: string
  readonly streams: ReadonlyMap<number, StreamLedger>
  /** For each member: its name, what its history holds, and whether it sent a stream's messages. */
  readonly members: readonly {
    readonly name: string
    readonly history: readonly MailboxMessage[]
    sideOf(stream: number): Side
  }[]
}

/**
 * Holds the histories against what was sent and told: every acknowledged message in each history once and under the id
 * that the updates gave it, nothing that was never sent or was refused, in the order of sending (but for what had to be
 * repeated, which may stand later), and in the same order for both members.
 */
export function checkHistories(chat: ChatHistories, findings: Findings): void {
  for (const member of chat.members) {
    const where = `the history of ${member.name} in ${chat.name}`
    checkOne(chat, member, where, findings)
  }
  const [one, other] = chat.members.map(({ history }) =>
    history.map(({ stream, number }) => `${stream}#${number}`),
  )
  const differs = one?.findIndex((entry, at) => entry !== other?.[at]) ?? -1
  if (differs >= 0 && one?.length === other?.length)
    findings.add('out of order', `${chat.name}: the members' histories differ from message ${differs} on`)
}

function checkOne(
  { streams }: ChatHistories,
  member: ChatHistories['members'][number],
  where: string,
  findings: Findings,
): void {
  const seen = new Map([...streams.keys()].map((stream) => [stream, new Set<number>()]))
  const lastInOrder = new Map<number, number>()
  for (const { stream, number, msgId } of member.history) {
    const ledger = streams.get(stream)
    const numbers = seen.get(stream)
    if (ledger === undefined || numbers === undefined || number >= ledger.count || ledger.isRefused(number)) {
      findings.add('foreign', `${where} has message ${msgId}, which does not belong there`)
      continue
    }
    if (numbers.has(number)) findings.add('doubled', `${where} has ${ledger.name} #${number} twice`)
    numbers.add(number)
    const told = ledger.idIn(member.sideOf(stream), number)
    if (told !== 0 && told !== msgId)
      findings.add('doubled', `${where} has ${ledger.name} #${number} as ${msgId}, told as ${told}`)
    if (ledger.isRepeated(number)) continue
    if (number < (lastInOrder.get(stream) ?? -1))
      findings.add('out of order', `${where} has ${ledger.name} #${number} after #${lastInOrder.get(stream)}`)
    lastInOrder.set(stream, number)
  }
  for (const [stream, ledger] of streams)
    reportMissing(ledger, seen.get(stream) as Set<number>, where, findings)
}

function reportMissing(
  ledger: StreamLedger,
  seen: ReadonlySet<number>,
  where: string,
  findings: Findings,
): void {
  for (let number = 0; number < ledger.count; number++)
    if (ledger.isAcknowledged(number) && !seen.has(number))
      findings.add('lost', `${where} lacks ${ledger.name} #${number}, which was acknowledged`)
}
