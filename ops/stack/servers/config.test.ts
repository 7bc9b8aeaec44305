import { describe, expect, it } from 'vitest'
import { SERVER_NAMES } from '../versions.ts'
import { serverYaml } from './cassandra-config.ts'
import { newClusterId, serverProperties } from './kafka.ts'
import { SPECS } from './specs.ts'

describe('the servers', () => {
  it('are one of each name', () => {
    expect(Object.keys(SPECS)).toEqual(SERVER_NAMES)
    for (const name of SERVER_NAMES) expect(SPECS[name].name).toBe(name)
  })

  it('want ports that do not clash', () => {
    const wanted = Object.values(SPECS).flatMap((spec) => Object.values(spec.wantedPorts))
    expect(new Set(wanted).size).toBe(wanted.length)
  })

  it('say where they are', () => {
    expect(SPECS.kafka.endpoint({ client: 1 })).toBe('127.0.0.1:1')
    expect(SPECS.redis.endpoint({ client: 2 })).toBe('redis://127.0.0.1:2')
    expect(SPECS.registry.endpoint({ http: 3 })).toBe('http://127.0.0.1:3/apis/ccompat/v7')
  })
})

describe('the configuration', () => {
  it('of Kafka listens on its ports and keeps its log in its directory', () => {
    const text = serverProperties('/data/kafka', { client: 19092, controller: 19093 })
    expect(text).toContain('listeners=PLAINTEXT://127.0.0.1:19092,CONTROLLER://127.0.0.1:19093\n')
    expect(text).toContain('controller.quorum.voters=1@127.0.0.1:19093\n')
    expect(text).toContain('log.dirs=/data/kafka\n')
  })

  it('names a cluster of Kafka by 16 bytes that its tool does not take for an option', () => {
    for (let i = 0; i < 500; i++) expect(newClusterId()).toMatch(/^[A-Za-f][\w-]{21}$/)
  })

  it('of Cassandra is its own seed', () => {
    const text = serverYaml('/data/cassandra', { client: 19042, storage: 17000, jmx: 17199 })
    expect(text).toContain('seeds: "127.0.0.1:17000"')
    expect(text).toContain('native_transport_port: 19042\n')
    expect(text).toContain('commitlog_directory: "/data/cassandra/commitlog"\n')
  })
})
