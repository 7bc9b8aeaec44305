import { allTables, StoreUnavailable } from '@heliograph/storage'
import { LogUnavailable, topicDefinitions } from '@heliograph/topics'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { startObserving } from '../index.ts'
import { memoryPorts } from '../observed-server.fixture.ts'
import { Readiness } from './readiness.ts'

const silent = pino({ level: 'silent' })
const metrics = { host: '127.0.0.1', port: 0 }

async function preparedPorts() {
  const ports = memoryPorts()
  await ports.log.createTopics(topicDefinitions(1))
  await ports.tables.create(allTables)
  return ports
}

async function readyz(address: { host: string; port: number } | undefined) {
  const response = await fetch(`http://${address?.host}:${address?.port}/readyz`)
  return { status: response.status, body: await response.json() }
}

describe('readiness', () => {
  it('is lost while a store is away, and says which', async () => {
    const ports = await preparedPorts()
    const away = async () => {
      throw new StoreUnavailable('no host could be reached')
    }
    const tables = Object.assign(ports.tables, { range: away })
    const observing = await startObserving({ ports: { ...ports, tables }, log: silent, metrics })
    const { status, body } = await readyz(observing.address)
    expect(status).toBe(503)
    expect(body).toEqual({ ok: false, reasons: [{ what: 'tables', why: 'no host could be reached' }] })
    await observing.close()
  })

  it('is not there before the sockets are', async () => {
    const ports = await preparedPorts()
    const observing = await startObserving({ ports, log: silent, metrics, sockets: true })
    expect(await readyz(observing.address)).toMatchObject({
      status: 503,
      body: { reasons: [{ what: 'sockets' }] },
    })
    observing.ready('sockets')
    expect((await readyz(observing.address)).status).toBe(200)
    await observing.close()
  })

  it('waits for a group that has not taken the process in', async () => {
    const ports = await preparedPorts()
    const never = new Promise<never>(() => undefined)
    const log = Object.assign(ports.log, { join: () => never })
    const observing = await startObserving({ ports: { ...ports, log }, log: silent, metrics })
    const handler = { assigned() {}, async revoked() {} }
    void observing.ports.log.join('message', ['chat.commands'], handler)
    const { body } = await readyz(observing.address)
    expect(body).toMatchObject({ reasons: [{ what: 'groups', why: 'not in yet: message' }] })
    await observing.close()
  })

  it('takes a probe that never answers for a store that is away', async () => {
    const readiness = new Readiness()
    readiness.probe('log', () => new Promise(() => undefined))
    readiness.probe('tables', async () => {
      throw new LogUnavailable('away')
    })
    const reasons = await readiness.reasons()
    expect(reasons).toEqual([
      { what: 'log', why: 'no answer within 2000 ms' },
      { what: 'tables', why: 'away' },
    ])
  })

  it('costs nothing where nobody asked for it', async () => {
    const ports = memoryPorts()
    const observing = await startObserving({ ports, log: silent })
    expect(observing.ports).toBe(ports)
    const { gateway, tracer, address, actors } = observing
    expect([gateway, tracer, address, actors.batch]).toEqual([undefined, undefined, undefined, undefined])
  })
})
