import { ANSWER_TIMEOUT_MS } from './commander.ts'

/** Waits before it is looked again: the first, and the last of those that double. */
const FIRST_WAIT_MS = 20
const LAST_WAIT_MS = 1_280

/**
 * For rows that come after an answer: looks at once, and again until `look` finds them. False where they do not come within the time that an
 * answer may take.
 */
export async function untilTrue(look: () => Promise<boolean>): Promise<boolean> {
  let waited = 0
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LAST_WAIT_MS)) {
    if (await look()) return true
    if (waited >= ANSWER_TIMEOUT_MS) return false
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    waited += waitMs
  }
}
