import { spawnSync } from 'node:child_process'

const INSTALL_TIMEOUT_MS = 300_000

/**
 * Before the tests: installs ffmpeg where it is missing and that is possible (Debian's package, as root). Where it is not, the tests
 * that need it are left out, and a line says so; what a server does without ffmpeg is tested everywhere.
 */
export function setup(): void {
  if (process.env.HELIOGRAPH_NO_FFMPEG === '1' || isInstalled()) return
  install()
  if (isInstalled()) return
  process.env.HELIOGRAPH_NO_FFMPEG = '1'
  console.warn('ffmpeg is not installed: tests of video and audio are left out (install it to run them)')
}

function isInstalled(): boolean {
  return ['ffmpeg', 'ffprobe'].every((name) => spawnSync(name, ['-version']).status === 0)
}

function install(): void {
  if (process.getuid?.() !== 0) return
  const run = (...args: string[]) =>
    spawnSync('apt-get', args, {
      timeout: INSTALL_TIMEOUT_MS,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  if (!run('install', '-y', '--no-install-recommends', 'ffmpeg')) {
    if (run('update')) run('install', '-y', '--no-install-recommends', 'ffmpeg')
  }
}
