import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { choosePorts, LOOPBACK, portOf } from './ports.ts'

describe('the ports of a server', () => {
  it('are the wanted ones where they are free, and others where not', async () => {
    const taken = createServer().listen(0, LOOPBACK)
    await once(taken, 'listening')
    const takenPort = (taken.address() as { port: number }).port
    const { free } = await choosePorts({ free: 0 })
    const ports = await choosePorts({ free: free!, taken: takenPort })
    expect(ports.free).toBe(free)
    expect(ports.taken).not.toBe(takenPort)
    taken.close()
  })

  it('are known beforehand where any will do', async () => {
    const { one, other } = await choosePorts({ one: 0, other: 0 })
    expect(one).toBeGreaterThan(0)
    expect(other).toBeGreaterThan(0)
    expect(one).not.toBe(other)
  })

  it('are never the same twice', async () => {
    const { first } = await choosePorts({ first: 0 })
    const ports = await choosePorts({ first: first!, second: first! })
    expect(ports.second).not.toBe(ports.first)
  })

  it('must have the purpose asked for', () =>
    expect(() => portOf({}, 'client')).toThrow('no port for client'))
})
