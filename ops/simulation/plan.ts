import { Random } from '@heliograph/actors/simulation'

/**
 * `shared`: gateway and actors are one process on one store that works at once and becomes durable later; a crash loses a
 * suffix of what was done since the last barrier. `independent`: processes share nothing but stores behind a network.
 */
export type StoreModel = 'shared' | 'independent'
/** How a log refuses a writer that expects another offset: before it appends, or only by the offset that it tells. */
export type Fence = 'before' | 'after'

/** What befalls a store operation, counted over all lives of one process. */
export type StepFault =
  /** Its process crashes: before it is sent, with half of it done, or when it is done and nobody has heard of it. */
  | { readonly kind: 'crash'; readonly mode: 'before' | 'half' | 'after' }
  /** The store fails: nothing was done, all was done, or it is done later. */
  | { readonly kind: 'fail'; readonly mode: 'refused' | 'unheard' | 'late' }
  /** The process stops there, and goes on after a while as if nothing had been. */
  | { readonly kind: 'pause'; readonly forMs: number }
  /** The process is told to end in good order, and another takes its place. */
  | { readonly kind: 'leave' }
/** What befalls the world, a while after it began. */
export type TimedFault =
  /** One more process of actors comes, and goes after a while. */
  | { readonly kind: 'join'; readonly forMs: number }
  /** The state cache loses everything. */
  | { readonly kind: 'wipe' }
  /** The stores take long. */
  | { readonly kind: 'slow'; readonly forMs: number; readonly factor: number }
  /** No publication arrives. */
  | { readonly kind: 'deaf'; readonly forMs: number }
  /** One in so many store operations fails. */
  | { readonly kind: 'flaky'; readonly forMs: number; readonly oneIn: number }
  /** A process's clock jumps. */
  | { readonly kind: 'clock'; readonly process: number; readonly byMs: number }
  /** A process is given up by the groups, and neither hears of it nor stops: two own its partitions. */
  | { readonly kind: 'estranged'; readonly process: number; readonly forMs: number }
  /** What is appended without an expected offset stands twice, or comes late. */
  | { readonly kind: 'double'; readonly forMs: number }
  | { readonly kind: 'delay'; readonly forMs: number; readonly byMs: number }
export type Fault =
  | ({ readonly process: number; readonly step: number } & StepFault)
  | ({ readonly atMs: number } & TimedFault)

/** Whether people share a supergroup or a broadcast channel, and whether all may find it or only who has a link. */
export type ClubPlan = (typeof CLUBS)[number]
const CLUBS = ['public supergroup', 'private supergroup', 'public broadcast', 'private broadcast'] as const

/**
 * Under which rules people share it: newcomers do not see what was there before them, who has just written waits, or who comes by the
 * link waits until the founder lets it in.
 */
export type ClubRule = 'hidden' | 'slow' | 'approval'

/** Everything that a run depends on. */
export interface Plan {
  readonly seed: number
  readonly model: StoreModel
  readonly fence: Fence
  readonly partitions: number
  readonly gateways: number
  /** Processes of actors; 0 where each gateway's process runs them too. */
  readonly actors: number
  readonly users: number
  /** What each client does. */
  readonly deeds: number
  /** One in so many publications is lost; 0 none. */
  readonly loseOneIn: number
  readonly faults: readonly Fault[]
  /** Or a basic group, or nothing but private chats. */
  readonly club: ClubPlan | 'group' | 'none'
  readonly rules?: readonly ClubRule[]
}

const MAX_FAULTS = 6
const MIN_DEEDS = 3
const MORE_DEEDS = 6
/** Half of what people do, where they share a club, they do there. */
const CLUB_USERS = 3
const CLUB_DEEDS = 6
/** Within so many store operations of a process its fault comes. */
const FAULT_WITHIN_STEPS = 500
/** Runs without faults last about as long. */
const FAULT_WITHIN_MS = 8_000
const LOSE_ONE_IN = 10
const MAX_WHILE_MS = 30_000
const HOUR_MS = 3_600_000

/** What a seed stands for. */
export function planOf(seed: number): Plan {
  const random = new Random(seed)
  const isShared = random.below(4) === 0
  const shape = isShared ? { gateways: 1, actors: 0 } : someShape(random)
  const base = {
    seed,
    model: isShared ? ('shared' as const) : ('independent' as const),
    fence: !isShared && random.below(2) === 0 ? ('after' as const) : ('before' as const),
    partitions: 1 + random.below(3),
    ...shape,
    users: 2 + random.below(2),
    deeds: MIN_DEEDS + random.below(MORE_DEEDS),
    loseOneIn: random.below(2) * LOSE_ONE_IN,
  }
  const processes = base.gateways + base.actors
  const faults = Array.from({ length: random.below(MAX_FAULTS + 1) }, () =>
    someFault(random, base.model, processes),
  )
  // Drawn last, so that all else is as it would be without it.
  if (random.below(5) < 3) {
    if (random.below(3) > 0) return { ...base, faults, club: 'none' }
    return { ...base, users: CLUB_USERS, faults, club: 'group' }
  }
  const club = random.pick(CLUBS)
  const rules = rulesOf(random, club)
  return { ...base, users: CLUB_USERS, deeds: base.deeds + CLUB_DEEDS, faults, club, rules }
}

/** What is open to all hides nothing and asks nobody; only groups are slow. */
function rulesOf(random: Random, club: ClubPlan): ClubRule[] {
  const rules: ClubRule[] = []
  if (club === 'private supergroup' && random.below(2) === 0) rules.push('hidden')
  if (club.endsWith('supergroup') && random.below(3) === 0) rules.push('slow')
  if (club.startsWith('private') && random.below(3) === 0) rules.push('approval')
  return rules
}

function someShape(random: Random): Pick<Plan, 'gateways' | 'actors'> {
  return { gateways: 1 + random.below(2), actors: random.below(3) }
}

function someFault(random: Random, model: StoreModel, processes: number): Fault {
  const isStep = random.below(5) < 3
  if (!isStep) return { atMs: random.below(FAULT_WITHIN_MS), ...someTimedFault(random, model, processes) }
  const place = { process: random.below(processes), step: 1 + random.below(FAULT_WITHIN_STEPS) }
  return { ...place, ...someStepFault(random, model) }
}

function someStepFault(random: Random, model: StoreModel): StepFault {
  switch (random.below(model === 'shared' ? 4 : 6)) {
    case 0:
    case 1:
      return { kind: 'crash', mode: random.pick(['before', 'half', 'after']) }
    case 2:
      return {
        kind: 'fail',
        mode: random.pick(model === 'shared' ? ['refused', 'unheard'] : ['refused', 'unheard', 'late']),
      }
    case 3:
      return { kind: 'leave' }
    default:
      return { kind: 'pause', forMs: 1 + random.below(MAX_WHILE_MS) }
  }
}

function someTimedFault(random: Random, model: StoreModel, processes: number): TimedFault {
  const forMs = 1 + random.below(MAX_WHILE_MS)
  switch (random.below(model === 'shared' ? 4 : 9)) {
    case 0:
      return { kind: 'wipe' }
    case 1:
      return { kind: 'slow', forMs, factor: 10 + random.below(200) }
    case 2:
      return { kind: 'deaf', forMs }
    case 3:
      return { kind: 'clock', process: random.below(processes), byMs: random.below(2 * HOUR_MS) - HOUR_MS }
    case 4:
      return { kind: 'join', forMs }
    case 5:
      return { kind: 'flaky', forMs, oneIn: 10 + random.below(60) }
    case 6:
      return { kind: 'double', forMs }
    case 7:
      return { kind: 'estranged', process: random.below(processes), forMs }
    default:
      return { kind: 'delay', forMs, byMs: 1 + random.below(MAX_WHILE_MS / 2) }
  }
}
