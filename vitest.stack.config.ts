import { defineConfig } from 'vitest/config'

/** Real clients, once more, on the servers. */
const USED_MOST = [
  'ops/e2e/{files,gramjs,messages,groups,groups-gramjs}.test.ts',
  'ops/e2e/{channel-messages,folders,search,scheduled,polls}.test.ts',
]
const USED_LESS = [
  'ops/e2e/{sync,group-messages,channels,channels-life,channel-messages-gramjs,threads,topics,reactions}.test.ts',
  'ops/e2e/{account,account-password,account-privacy,account-life,account-gramjs,account-contacts}.test.ts',
  'ops/e2e/{dialogs-gramjs,messages-gramjs,membership-gramjs,message-kinds,saved,stickers,todo}.test.ts',
  'ops/e2e/{files-gramjs,files-kill,files-moving,usernames,stats}.test.ts',
]
/**
 * The tests that need Kafka, Cassandra, Redis, SeaweedFS and a schema registry; the set-up starts what is not running. With
 * `--mode short`, where half an hour has to do for everything, what is used most.
 */
export default defineConfig(({ mode }) => ({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['**/*.stack.test.ts', ...(mode === 'short' ? USED_MOST : [...USED_MOST, ...USED_LESS])],
    env: { HELIOGRAPH_E2E: 'servers' },
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['ops/stack/test-setup.ts'],
    pool: 'forks',
    // One file at a time: the servers need the processors too, and some tests hold them to bounds of time.
    maxWorkers: 1,
    // Limits of what hangs, as in vitest.config.ts.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
  },
}))
