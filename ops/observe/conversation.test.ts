import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../e2e/eventually.ts'
import { acquaint, type Member, member } from '../e2e/people.ts'
import { type ObservedServer, startObservedServer } from './observed-server.fixture.ts'

const MESSAGES = 3
const TEXT = 'Nobody should read this in a metric'

let server: ObservedServer
let alice: Member
let bob: Member
let scraped: string

const get = (path: string) => {
  const { host, port } = server.observing.address ?? { host: '', port: 0 }
  return fetch(`http://${host}:${port}${path}`)
}
const scrape = async () => (await get('/metrics')).text()

/** The value of a sample, by its name with all labels as they are written. */
function sample(name: string): number {
  const line = scraped.split('\n').find((each) => each.startsWith(`${name} `))
  return line === undefined ? Number.NaN : Number(line.slice(name.length + 1))
}

beforeAll(async () => {
  server = await startObservedServer()
  alice = await member(server.endpoints, 'Alice')
  bob = await member(server.endpoints, 'Bob')
  await acquaint(alice, bob)
  for (let i = 0; i < MESSAGES; i++) await alice.client.sendText(bob.id, `${TEXT} ${i}`)
  const heard = () => bob.updates.filter(({ _ }) => _ === 'updateNewMessage').length >= MESSAGES
  await eventually('all updates', heard)
  scraped = await scrape()
})

afterAll(async () => {
  await alice?.client.destroy()
  await bob?.client.destroy()
  await server?.close()
})

describe('metrics of a server that people talk over', () => {
  it('count calls by method, with their times', () => {
    const sent = 'heliograph_call_seconds_count{method="messages.sendMessage"}'
    expect(sample(sent)).toBe(MESSAGES)
    const within10s = 'heliograph_call_seconds_bucket{method="messages.sendMessage",le="10"}'
    expect(sample(within10s)).toBe(MESSAGES)
    expect(sample('heliograph_call_seconds_sum{method="messages.sendMessage"}')).toBeGreaterThan(0)
  })

  it('count what each actor handled', () => {
    const handled = (labels: string) => sample(`heliograph_handled_records_total{${labels}}`)
    expect(handled('group="message",topic="chat.commands"')).toBeGreaterThanOrEqual(MESSAGES)
    expect(handled('group="notification",topic="mailbox.events"')).toBeGreaterThanOrEqual(2 * MESSAGES)
    expect(sample('heliograph_appended_records_total{topic="chat.events"}')).toBeGreaterThanOrEqual(MESSAGES)
  })

  it('time each hop of a message', () => {
    for (const hop of ['frame_to_command', 'command_to_event', 'command_to_mailbox', 'bus_to_update'])
      expect(sample(`heliograph_hop_seconds_count{hop="${hop}"}`), hop).toBeGreaterThan(0)
    expect(sample('heliograph_hop_seconds_count{hop="command_to_update"}')).toBeGreaterThanOrEqual(MESSAGES)
    expect(sample('heliograph_hop_seconds_bucket{hop="command_to_update",le="30"}')).toBe(
      sample('heliograph_hop_seconds_count{hop="command_to_update"}'),
    )
  })

  it('tell what is open and waiting now', () => {
    expect(sample('heliograph_links{transport="tcp"}')).toBeGreaterThanOrEqual(2)
    expect(sample('heliograph_connected_users')).toBe(2)
    expect(sample('heliograph_sessions')).toBeGreaterThanOrEqual(2)
    expect(sample('heliograph_waiting_calls')).toBe(0)
    expect(sample('heliograph_key_exchanges_total{outcome="completed"}')).toBeGreaterThanOrEqual(2)
    expect(sample('heliograph_assigned_partitions{group="message",topic="chat.commands"}')).toBe(1)
    expect(
      sample('heliograph_lag_records{group="message",topic="chat.commands",partition="0"}'),
    ).toBeLessThan(50)
    expect(sample('heliograph_ready')).toBe(1)
  })

  it('time the stores, and leave none of their calls counted as under way', () => {
    for (const [store, operation] of [
      ['log', 'append'],
      ['log', 'durable'],
      ['tables', 'apply'],
      ['tables', 'getMany'],
    ]) {
      const labels = `{store="${store}",operation="${operation}"}`
      expect(sample(`heliograph_store_seconds_count${labels}`), labels).toBeGreaterThan(0)
      expect(sample(`heliograph_store_pending${labels}`), labels).toBe(0)
    }
  })

  it('go with a log that says which partitions are owned', () => {
    const lines = server.logged.map((line) => JSON.parse(line))
    expect(lines).toContainEqual(
      expect.objectContaining({
        msg: 'partition assigned',
        group: 'message',
        topic: 'chat.commands',
        partition: 0,
      }),
    )
  })

  it('name nobody, and nothing that was said', () => {
    const private_ = [TEXT, 'Nobody', alice.phone, bob.phone.slice(1), 'Alice', 'Bob', '127.0.0.1']
    for (const secret of private_) expect(scraped).not.toContain(secret)
    const labelled = scraped.match(/"[^"]*"/g) ?? []
    expect(labelled.filter((value) => value === `"${alice.id}"` || value === `"${bob.id}"`)).toEqual([])
    expect(server.logged.join('\n')).not.toMatch(new RegExp(`${TEXT}|${alice.phone.slice(1)}`))
  })
})

describe('health of a server', () => {
  it('is ready while clients are let in and the stores answer', async () => {
    const [health, ready] = await Promise.all([get('/healthz'), get('/readyz')])
    expect([health.status, ready.status]).toEqual([200, 200])
    expect(await ready.json()).toEqual({ ok: true, reasons: [] })
    expect((await get('/other')).status).toBe(404)
  })

  it('is alive but not ready once it is about to end', async () => {
    server.observing.drain()
    const ready = await get('/readyz')
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({ reasons: [{ what: 'process' }] })
    expect((await get('/healthz')).status).toBe(200)
  })
})
