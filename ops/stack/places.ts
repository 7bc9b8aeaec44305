import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where a stack lives unless told otherwise, below the directory of the project. */
export const DEFAULT_DIR = '.stack/run'

export const endpointsFile = (dir: string): string => join(dir, 'stack.json')

/** Where installed servers are kept, shared by all stacks of the user: HELIOGRAPH_CACHE, else below the user's cache. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env.HELIOGRAPH_CACHE !== undefined) return resolve(env.HELIOGRAPH_CACHE)
  return join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'heliograph', 'stack')
}
