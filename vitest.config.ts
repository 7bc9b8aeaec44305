import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['**/*.test.ts'],
    // What needs real servers runs by itself: `npm run test:stack`, `npm run test:faults`.
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.stack.test.ts', '**/*.faults.test.ts'],
    globalSetup: ['ops/media/ffmpeg.setup.ts'],
    pool: 'forks',
    // Many files wait for a server of their own more than they work: as many at once as there are processors.
    maxWorkers: availableParallelism(),
    // Limits of what hangs, not of what is slow: a machine may be busy, or stop for seconds. A test that holds something to a
    // bound of time has that bound in itself.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
})
