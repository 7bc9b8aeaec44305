import { answeredBySession, handlers } from '@heliograph/gateway/rpc'
import { NEWEST_LAYER, newestMethods } from '@heliograph/schemas/tl'
import type { CoverageFacts } from './table.ts'

/** Where the table is kept, from the root of the repository. */
export const COVERAGE_FILE = 'docs/coverage.md'

/** The facts of this build. */
export function currentFacts(): CoverageFacts {
  return { layer: NEWEST_LAYER, methods: newestMethods(), handlers, bySession: answeredBySession }
}
