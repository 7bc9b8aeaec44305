const POLL_MS = 10
/** A limit of what never happens; a machine may be busy, or stop for seconds. */
const DEFAULT_TIMEOUT_MS = 60_000

/** Waits until `probe` gives a value (neither undefined nor false); fails with the description after the time-out. */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = DEFAULT_TIMEOUT_MS,
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const value = await probe()
    if (value !== undefined && value !== false) return value
    if (Date.now() > deadline) throw new Error(`never happened within ${timeoutMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
