import { defineConfig } from 'vitest/config'

/** The tests that need Kafka, Cassandra, Redis, SeaweedFS and a schema registry; the set-up starts what is not running. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    // Real clients, once more, on the servers.
    include: ['**/*.stack.test.ts', 'ops/e2e/{account,gramjs,messages,sync}.test.ts'],
    env: { HELIOGRAPH_E2E: 'servers' },
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['ops/stack/test-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
