import { type CrashPoint, type FaultMode, Random, type StoreModel } from '@heliograph/actors/simulation'
import type { Plan, ScriptName } from './run.ts'

const MAX_FAULTS = 4
const MIN_COMMANDS = 6
const MORE_COMMANDS = 24
/** Within so many store operations of a process its fault comes. */
const FAULT_WITHIN = 140
const LOSE_ONE_IN = 12

/** Only where processes share nothing but the network can one go on that was given up. */
const MODES: Record<StoreModel, readonly FaultMode[]> = {
  shared: ['before', 'half', 'after', 'refused', 'unheard', 'leave'],
  independent: ['before', 'half', 'after', 'refused', 'unheard', 'leave', 'pause', 'pause'],
}
export const faultModes = (model: StoreModel): readonly FaultMode[] => [...new Set(MODES[model])]

/** What a seed stands for. */
export function planOf(seed: number, model: StoreModel, script: ScriptName = 'private'): Plan {
  const random = new Random(seed)
  const faults = Array.from({ length: random.below(MAX_FAULTS + 1) }, (): CrashPoint => {
    return { step: 1 + random.below(FAULT_WITHIN), mode: random.pick(MODES[model]) }
  })
  const commands = MIN_COMMANDS + random.below(MORE_COMMANDS)
  const loseOneIn = random.below(2) * LOSE_ONE_IN
  return { seed, model, commands, faults, loseOneIn, ...(script === 'private' ? {} : { script }) }
}
