import { describe, expect, it } from 'vitest'
import type { Cluster } from './cluster.ts'
import { killRole, killServer } from './fault.ts'
import { struckLine, verdictLines } from './report.ts'
import type { Role } from './role.ts'
import type { Struck, TrialResult } from './trial.ts'

const role = { name: 'actors 1', kind: 'actors' } as Role
const stall = (ms: number, isServed: boolean) => ({ ms, isServed, sinceMs: 1_100, endMs: 1_100 + ms })

function struck(parts: Partial<Struck> = {}): Struck {
  return {
    fault: killRole(role),
    ...{ fromMs: 1_000, awayMs: 2_000, outageMs: 0, recoveredMs: 4_100, problems: [] },
    stalls: [stall(4_000, true), stall(3_000, true), stall(0, false), stall(700, false)],
    ...parts,
  }
}

const load = {
  acknowledged: 10,
  delivered: 9,
  errors: { '500 TIMEOUT': 2 },
} as unknown as TrialResult['load']

describe('a fault in one line', () => {
  it('tells the stalls of the victim’s chats from those of the others', () => {
    const line = struckLine(struck())
    expect(line).toMatch(/^ {2}ok +kill -9 actors 1 +put right after 2\.0 s; all answered after 4\.1 s/)
    expect(line).toContain('of its 2 chats 4.0 s at 0.1 s (median 4.0 s), of 2 others 0.7 s')
  })

  it('of a server is of everyone, with the time in which nobody was answered', () => {
    const stack = {} as Cluster
    const line = struckLine(struck({ fault: killServer(stack, 'kafka'), outageMs: 3_900 }))
    expect(line).toContain('nobody was for 3.9 s; longest stall 4.0 s')
  })

  it('says where something was wrong', () => {
    expect(struckLine(struck({ problems: ['x'] }))).toMatch(/^ {2}WRONG/)
  })
})

describe('the end of a trial', () => {
  it('says that all is well only where no problem is', () => {
    const well = verdictLines({ struck: [struck()], load, problems: [] })
    expect(well.join('\n')).toContain('all that was acknowledged is there once and in order')
    const bad = verdictLines({ struck: [struck()], load, problems: ['1 × lost'] })
    expect(bad.join('\n')).not.toContain('all that was acknowledged')
    expect(bad).toContain('  WRONG: 1 × lost')
  })

  it('of many faults has the distribution of the longest stalls', () => {
    const many = [1_000, 2_000, 9_000].map((ms) =>
      struck({ stalls: [stall(ms, true), stall(ms / 10, false)] }),
    )
    const lines = verdictLines({ struck: many, load, problems: [] }).join('\n')
    expect(lines).toContain('that the victim served p50 2.0 s, p90 9.0 s, max 9.0 s')
    expect(lines).toMatch(/of the others +p50 0\.2 s, p90 0\.9 s, max 0\.9 s/)
  })
})
