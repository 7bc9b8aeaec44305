import { defineConfig } from 'vitest/config'

/** The tests that need Kafka, Cassandra, Redis, SeaweedFS and a schema registry; the set-up starts what is not running. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    // Real clients, once more, on the servers.
    include: [
      '**/*.stack.test.ts',
      'ops/e2e/{account,files,files-gramjs,gramjs,messages,sync}.test.ts',
      'ops/e2e/{groups,group-messages,groups-gramjs,channels,channels-life,channel-messages}.test.ts',
      'ops/e2e/{channel-messages-gramjs,folders,search,scheduled,threads,topics,reactions,polls}.test.ts',
      'ops/e2e/{account-password,account-privacy,account-life,account-gramjs,dialogs-gramjs,messages-gramjs}.test.ts',
      'ops/e2e/{membership-gramjs,message-kinds,saved,stickers,todo}.test.ts',
    ],
    env: { HELIOGRAPH_E2E: 'servers' },
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['ops/stack/test-setup.ts'],
    pool: 'forks',
    // One file at a time: the servers need the processors too, and some tests hold them to bounds of time.
    maxWorkers: 1,
    testTimeout: 90_000,
    hookTimeout: 180_000,
  },
})
