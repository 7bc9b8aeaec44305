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
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})
