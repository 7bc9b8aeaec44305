import type { RecordCodec } from '@heliograph/schemas/avro'
import { judge, type Verdict } from './check.ts'
import { defects } from './defects.ts'
import { type Plan, planOf } from './plan.ts'
import { shrink } from './shrink.ts'

/** What a worker is asked for. */
export type Task =
  | { readonly kind: 'seed'; readonly seed: number; readonly twice: boolean }
  | { readonly kind: 'plan'; readonly plan: Plan; readonly defect?: string }
  /** The first seed from `from` on, of `count`, at which a defect is caught. */
  | { readonly kind: 'defect'; readonly defect: string; readonly from: number; readonly count: number }
/** What came of it. */
export interface Finding {
  readonly task: Task
  readonly plan: Plan
  readonly failure?: string
  /** The smallest plan found that fails too. */
  readonly shrunk?: Plan
  readonly sights: readonly string[]
  readonly happenings: number
}

/** Does one task in this process. */
export async function perform(task: Task, codec: RecordCodec): Promise<Finding> {
  switch (task.kind) {
    case 'seed': {
      const verdict = await judge(planOf(task.seed), codec, { twice: task.twice })
      return finding(task, verdict, await smallest(verdict, codec))
    }
    case 'plan': {
      const defect = task.defect === undefined ? undefined : defects[task.defect]
      return finding(task, await judge(task.plan, codec, { twice: true, defect }))
    }
    case 'defect':
      return firstCaught(task, codec)
  }
}

async function firstCaught(task: Task & { kind: 'defect' }, codec: RecordCodec): Promise<Finding> {
  const defect = defects[task.defect]
  for (let seed = task.from; ; seed++) {
    const verdict = await judge(planOf(seed), codec, { defect })
    const isLast = seed + 1 >= task.from + task.count
    // What fails without the defect as well says nothing about it.
    const isCaught = verdict.failure !== undefined && (await judge(planOf(seed), codec)).failure === undefined
    if (isCaught) return finding(task, verdict)
    if (isLast)
      return finding(task, { plan: verdict.plan, sights: verdict.sights, happenings: verdict.happenings })
  }
}

async function smallest({ plan, failure }: Verdict, codec: RecordCodec): Promise<Plan | undefined> {
  if (failure === undefined) return undefined
  return shrink(
    plan,
    async (candidate) => (await judge(candidate, codec, { twice: true })).failure !== undefined,
  )
}

function finding(task: Task, verdict: Verdict, shrunk?: Plan): Finding {
  return { task, ...verdict, ...(shrunk === undefined ? {} : { shrunk }) }
}

/** The one command that runs a plan again. */
export function again(plan: Plan, defect?: string): string {
  const options = defect === undefined ? '' : ` --defect '${defect}'`
  const isWhole = JSON.stringify(plan) === JSON.stringify(planOf(plan.seed))
  return isWhole
    ? `npm run simulate -- --seed ${plan.seed}${options}`
    : `npm run simulate -- --plan '${JSON.stringify(plan)}'${options}`
}
