import type { types } from 'cassandra-driver'
import { describe, expect, it } from 'vitest'
import { type SchemaClient, schemaAgrees } from './agreement.ts'

interface Node {
  readonly schema: string
  readonly isDown?: boolean
  readonly datacenter?: string
}

/** Nodes that tell their schema; those that are down do not answer. */
function agreement(...nodes: Node[]): Promise<boolean> {
  const hosts = nodes.map(({ schema, isDown = false, datacenter = 'here' }) => ({
    datacenter,
    isUp: () => !isDown,
    schema,
  }))
  const execute = async (_query: string, _params: unknown, { host }: { host: (typeof hosts)[0] }) => {
    if (!host.isUp()) throw new Error('no answer')
    return { rows: [{ schema_version: host.schema }] } as unknown as types.ResultSet
  }
  return schemaAgrees({ hosts: { values: () => hosts }, execute } as unknown as SchemaClient, 'here')
}

describe('nodes', () => {
  it('agree where all have the same schema', async () => {
    expect(await agreement({ schema: 'new' })).toBe(true)
    expect(await agreement({ schema: 'new' }, { schema: 'new' }, { schema: 'new' })).toBe(true)
  })

  it('do not while one has another one', async () =>
    expect(await agreement({ schema: 'new' }, { schema: 'new' }, { schema: 'old' })).toBe(false))

  it('agree whatever one has that is down or elsewhere', async () => {
    expect(await agreement({ schema: 'new' }, { schema: 'old', isDown: true })).toBe(true)
    expect(await agreement({ schema: 'new' }, { schema: 'old', datacenter: 'there' })).toBe(true)
  })

  it('do not where none is up', async () =>
    expect(await agreement({ schema: 'old', isDown: true })).toBe(false))
})
