import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { KAFKA_SINGLE_NODE } from '../stack/contained.ts'
import { IMAGES } from '../stack/versions.ts'
import { NODE_FLAGS } from '../start/node-flags.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8')

/** The services of the compose file: its two-space keys between `services:` and `volumes:`, each with its own lines. */
function services(text: string): Map<string, string> {
  const [, after = ''] = text.split(/^services:$/m)
  const [body = ''] = after.split(/^volumes:$/m)
  const [, ...parts] = body.split(/^ {2}(?=[a-z][a-z0-9-]*:$)/m)
  return new Map(parts.map((part) => [part.slice(0, part.indexOf(':')), part]))
}

describe('the compose file', () => {
  const text = read('compose.yaml')
  const all = services(text)

  it('runs two of each role and the five servers', () => {
    const roles = ['actors-1', 'actors-2', 'gateway-1', 'gateway-2']
    const servers = ['kafka', 'cassandra', 'redis', 'seaweedfs', 'registry']
    expect([...all.keys()]).toEqual(expect.arrayContaining([...roles, ...servers, 'prometheus', 'grafana']))
  })

  it('runs the versions that the stack on this machine runs', () => {
    for (const name of ['kafka', 'cassandra', 'redis', 'seaweedfs', 'registry'] as const)
      expect(all.get(name)).toContain(`    image: ${IMAGES[name]}\n`)
  })

  it('names a version for every image that it does not build', () => {
    const images = [...text.matchAll(/^\s+image: (\S+)$/gm)].map((match) => match[1] ?? '')
    for (const image of images) expect(image === 'heliograph' || /:v?\d+\.\d+/.test(image), image).toBe(true)
  })

  it("gives Kafka's container the settings of the containers that tests start", () => {
    for (const [key, value] of Object.entries(KAFKA_SINGLE_NODE))
      expect(all.get('kafka')).toMatch(new RegExp(`^ {6}${key}: "${value}"$`, 'm'))
  })

  it('waits only for services, uses only volumes and anchors, that are there', () => {
    for (const [, name = ''] of text.matchAll(/^\s+([a-z0-9-]+): \{ condition: service_healthy \}$/gm))
      expect(all.has(name), name).toBe(true)
    const anchors = new Set([...text.matchAll(/&([a-z-]+)$/gm)].map((match) => match[1]))
    for (const [, name] of text.matchAll(/\*([a-z-]+)$/gm)) expect(anchors.has(name), name).toBe(true)
    const volumes = text.slice(text.search(/^volumes:$/m))
    for (const [, name] of text.matchAll(/^\s+- ([a-z]+):\//gm)) expect(volumes).toContain(`  ${name}:`)
  })

  // A name may be an IPv6 address first, where a server listens on IPv4 only, and not every program tries the second.
  it('checks the health of web servers at an address, not a name', () => {
    expect(text).not.toMatch(/https?:\/\/localhost/)
  })

  it('mounts only files that are there', () => {
    for (const [, path = ''] of text.matchAll(/^\s+- \.\/([^:]+):/gm))
      expect(existsSync(join(import.meta.dirname, path)), path).toBe(true)
  })

  it('is indented with pairs of spaces', () => {
    for (const line of text.split('\n')) expect(line).toMatch(/^( {2})*[^\s]|^$/)
  })
})

describe('the image', () => {
  const dockerfile = read('Dockerfile')
  const packages = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { workspaces: string[] })
    .workspaces

  it('has every package: its description for the build, and what was built', () => {
    for (const name of packages) {
      expect(dockerfile).toContain(`COPY ${name}/package.json ${name}/\n`)
      expect(dockerfile).toContain(`COPY --from=build /build/${name}/package.json ${name}/\n`)
      expect(dockerfile).toContain(`COPY --from=build /build/${name}/dist ${name}/dist\n`)
    }
  })

  it('starts Node as every other way to start a server does', () => {
    const flags = NODE_FLAGS.join(' ')
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    expect(dockerfile).toContain(`ENTRYPOINT ["node", ${NODE_FLAGS.map((flag) => `"${flag}"`).join(', ')}, "`)
    for (const name of ['start', 'heliograph'])
      expect(scripts[name]).toContain(`exec node ${flags} ops/dist/bin.js`)
    const [firstLine] = readFileSync(join(ROOT, 'ops/bin.ts'), 'utf8').split('\n')
    expect(firstLine).toBe(`#!/usr/bin/env -S node ${flags}`)
  })

  it('does not run as root, and says when it is healthy', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM'))
    expect(last).toContain('\nUSER node\n')
    // Others wait for it: not only that it lives, but that it has made what they need.
    expect(last).toMatch(/\nHEALTHCHECK [^\n]*\n[^\n]*\/readyz'/)
  })

  it('is built with what Docker has itself, and no frontend that it would have to pull', () => {
    expect(dockerfile).not.toMatch(/^# *syntax=/)
  })

  it('is scraped where it shows its metrics', () => {
    const port = /HELIOGRAPH_METRICS=0\.0\.0\.0:(\d+)/.exec(dockerfile)?.[1]
    for (const role of ['actors-1', 'actors-2', 'gateway-1', 'gateway-2'])
      expect(read('prometheus.yml')).toContain(`${role}:${port}`)
  })
})
