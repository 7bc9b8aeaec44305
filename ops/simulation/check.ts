import type { RecordCodec } from '@heliograph/schemas/avro'
import { audit } from './audit/audit.ts'
import type { Plan } from './plan.ts'
import { type Outcome, type RunOptions, run } from './run.ts'

/** What is wrong with a run, or nothing. */
export interface Verdict {
  readonly plan: Plan
  readonly failure?: string
  readonly sights: readonly string[]
  readonly happenings: number
}

/** Runs a plan and audits what it leaves; with `twice`, once more to see whether it does the same. Never rejects. */
export async function judge(
  plan: Plan,
  codec: RecordCodec,
  options: RunOptions & { readonly twice?: boolean } = {},
): Promise<Verdict> {
  let outcome: Outcome | undefined
  try {
    outcome = await run(plan, codec, options)
    await audit(outcome)
    if (options.twice === true) {
      const again = await run(plan, codec, options)
      if (again.digest !== outcome.digest) throw new Error('two runs of one plan differ')
    }
    return { plan, ...factsOf(outcome) }
  } catch (error) {
    return { plan, failure: messageOf(error), ...factsOf(outcome) }
  }
}

function factsOf(outcome: Outcome | undefined): Pick<Verdict, 'sights' | 'happenings'> {
  return { sights: [...(outcome?.world.sights ?? [])], happenings: outcome?.world.time.count ?? 0 }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
