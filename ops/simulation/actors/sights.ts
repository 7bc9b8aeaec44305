import type { Reply } from '@heliograph/schemas/avro'
import type { Call } from './gateway.ts'
import type { Outcome } from './run.ts'

/** What came about in a run, in a few words each: a search that never meets something says nothing about it. */
export function sightsOf({ world, gateway, superseded }: Outcome): Set<string> {
  const sights = new Set(world.trace.flatMap(fateOf))
  if (superseded > 0) sights.add('owner superseded')
  for (const call of gateway.calls) {
    for (const answer of call.answers) sights.add(answerOf(call, answer))
    if (call.answers.length > 1) sights.add('call answered twice')
  }
  return sights
}

function fateOf(turn: string): string[] {
  if (turn.startsWith('crash ')) return ['process crashed']
  if (turn.endsWith(' ends')) return ['store failed']
  if (turn.endsWith(' left')) return ['process left']
  return turn.startsWith('lost ') && turn !== 'lost 0' ? ['writes lost'] : []
}

function answerOf({ command }: Call, { error, mailbox, channel }: Reply): string {
  if (error !== null) return `${command.type} ${error.message.replace(/_\d+$/, '')}`
  const counted = mailbox ?? channel
  if (counted === null) return `${command.type} yes`
  return counted.ptsCount === 0 ? `${command.type} repeated` : `${command.type} counted`
}
