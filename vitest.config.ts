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
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})
