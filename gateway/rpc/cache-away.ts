import { StoreUnavailable } from '@heliograph/storage'

/**
 * What was asked of the state cache, or `otherwise` while the cache is away: for what a call can do without. Other failures
 * stay failures.
 */
export async function unlessAway<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof StoreUnavailable) return otherwise
    throw error
  }
}
