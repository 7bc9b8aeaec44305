import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { javaMajor, javaProgram, securityFlags } from './java.ts'
import { pom } from './maven.ts'
import { fillOnce, findProgram, run } from './run.ts'

describe('Java', () => {
  it('tells its version', () => {
    expect(javaMajor('openjdk version "17.0.15" 2025-04-15')).toBe(17)
    expect(javaMajor('java version "1.8.0_392"')).toBe(8)
    expect(javaMajor('openjdk version "21" 2023-09-19')).toBe(21)
    expect(javaMajor('command not found')).toBeUndefined()
  })

  it('is the one of JAVA_HOME where that is set', () => {
    expect(javaProgram({ JAVA_HOME: '/opt/jdk' })).toBe('/opt/jdk/bin/java')
    expect(javaProgram({})).toBe('java')
  })

  it('is told to allow a security manager where it no longer is by default', () => {
    expect(securityFlags(17)).toEqual([])
    expect(securityFlags(21)).toEqual(['-Djava.security.manager=allow'])
  })
})

describe('a generated project', () => {
  it('names each artifact, an archive alone', () => {
    const text = pom([
      { group: 'a', name: 'b', version: '1' },
      { group: 'c', name: 'd', version: '2', archive: { type: 'tar.gz', classifier: 'all' } },
    ])
    expect(text).toContain('<groupId>a</groupId><artifactId>b</artifactId><version>1</version></dependency>')
    expect(text).toContain('<type>tar.gz</type><classifier>all</classifier><exclusions>')
  })
})

describe('a program', () => {
  it('is found on the PATH, or not', async () => {
    expect(await findProgram('sh')).toMatch(/\/sh$/)
    expect(await findProgram('no-such-program')).toBeUndefined()
  })

  it('that fails says why', async () => {
    await expect(run('sh', ['-c', 'echo the reason >&2; exit 3'])).rejects.toThrow('sh failed: the reason')
  })
})

describe('a directory that is filled once', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'heliograph-fill-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  const fillWith = (text: string) => (partial: string) => writeFile(join(partial, 'file'), text)

  it('keeps what it has', async () => {
    const target = join(dir, 'server')
    await fillOnce(target, fillWith('first'))
    await fillOnce(target, fillWith('second'))
    expect(await readFile(join(target, 'file'), 'utf8')).toBe('first')
    expect(await readdir(dir)).toEqual(['server'])
  })

  it('is not there after a failure', async () => {
    const failing = async () => {
      throw new Error('the network is down')
    }
    await expect(fillOnce(join(dir, 'server'), failing)).rejects.toThrow('the network is down')
    expect(await readdir(dir)).toEqual([])
  })
})
