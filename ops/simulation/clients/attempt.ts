import { RpcError } from '@heliograph/schemas/tl'
import type { World } from '../world/world.ts'

/** Does something that the rules of the moment may refuse, which is no fault: the audit knows what they refuse. */
export async function attempt(world: World, sight: string, act: () => Promise<void>): Promise<void> {
  try {
    await act()
    world.see(sight)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    world.see(`${sight} ${error.errorMessage}`)
  }
}
