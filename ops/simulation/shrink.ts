import type { Fault, Plan } from './plan.ts'

/** Runs that shrinking may cost. */
const MAX_TRIES = 150

/**
 * Makes a plan that fails as small as it still fails: fewer faults, fewer deeds, fewer users and processes, one partition.
 * @param fails runs a plan; resolves to whether it fails
 */
export async function shrink(plan: Plan, fails: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  let smallest = plan
  let tries = 0
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false
    for (const candidate of smaller(smallest)) {
      if (++tries > MAX_TRIES) return smallest
      if (!(await fails(candidate))) continue
      smallest = candidate
      isSmaller = true
      break
    }
  }
  return smallest
}

/** Plans that are a little smaller, the smallest first. */
function* smaller(plan: Plan): Generator<Plan> {
  const { faults, deeds, users, gateways, actors, partitions } = plan
  if (faults.length > 1) yield { ...plan, faults: [] }
  for (const fault of faults) yield { ...plan, faults: faults.filter((each) => each !== fault) }
  if (plan.loseOneIn > 0) yield { ...plan, loseOneIn: 0 }
  if (plan.club !== 'none') yield { ...plan, club: 'none' }
  for (const rule of plan.rules ?? [])
    yield { ...plan, rules: plan.rules?.filter((each) => each !== rule) ?? [] }
  if (deeds > 1) yield { ...plan, deeds: deeds >> 1 }
  if (deeds > 1) yield { ...plan, deeds: deeds - 1 }
  if (users > 2) yield { ...plan, users: users - 1 }
  if (actors > 0) yield { ...plan, actors: actors - 1 }
  if (gateways > 1) yield { ...plan, gateways: gateways - 1 }
  if (partitions > 1) yield { ...plan, partitions: 1 }
  if (plan.fence === 'after') yield { ...plan, fence: 'before' }
  for (const [i, fault] of faults.entries()) {
    const shorter = shorterOf(fault)
    if (shorter !== undefined) yield { ...plan, faults: faults.with(i, shorter) }
  }
}

function shorterOf(fault: Fault): Fault | undefined {
  return 'forMs' in fault && fault.forMs > 1000 ? { ...fault, forMs: fault.forMs >> 1 } : undefined
}
