import { describe, expect, it } from 'vitest'
import { actorsLog } from '../observe/actors-log.ts'
import { createLogger } from '../observe/logger.ts'
import { ownershipOf } from './role.ts'

/** The line that an actors process really writes. */
function lineOf(event: 'assigned' | 'revoked'): string {
  const lines: string[] = []
  const to = { write: (line: string) => void lines.push(line) }
  const log = createLogger({ level: 'info', role: 'actors', node: 'a', to })
  actorsLog(log, false)[event]?.({ group: 'message', topic: 'chat.commands', partition: 3 })
  return lines[0] ?? ''
}

describe('what a role says of its partitions', () => {
  it('is understood', () => {
    const place = 'message/chat.commands/3'
    expect(ownershipOf(lineOf('assigned'))).toEqual({ place, isOwned: true })
    expect(ownershipOf(lineOf('revoked'))).toEqual({ place, isOwned: false })
  })

  it('is told from everything else that it says', () => {
    expect(ownershipOf('ready; Ctrl-C drains and ends')).toBeUndefined()
    expect(ownershipOf('{"level":"warn","msg":"a store failed; trying again"}')).toBeUndefined()
  })
})
