import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { IncompatibleSchema } from '../avro/registry.ts'
import { ConfluentRegistry } from './confluent-registry.ts'
import { RegistryUnavailable } from './failures.ts'

const schema = { type: 'record', name: 'R', fields: [{ name: 'a', type: 'long' }] }
type Answers = Record<string, [status: number, body: unknown]>

let server: Server
let url: string
let answers: Answers
let asked: string[]
beforeEach(async () => {
  asked = []
  server = createServer((request, response) => {
    const line = `${request.method} ${request.url?.split('?')[0]}`
    asked.push(line)
    const [status, body] = answers[line] ?? [404, { error_code: 40401, message: 'nothing there' }]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://user:secret@127.0.0.1:${(server.address() as AddressInfo).port}/api`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const registered: Answers = {
  'PUT /api/config/p.R': [200, { compatibility: 'BACKWARD_TRANSITIVE' }],
  'POST /api/subjects/p.R/versions': [200, { id: 7 }],
  'GET /api/subjects/p.R/versions': [200, [1]],
}
const open = () => new ConfluentRegistry({ url, subjectPrefix: 'p.' })

it('protects a subject before it registers the first schema, and asks once', async () => {
  answers = registered
  const registry = open()
  expect(await Promise.all([registry.idOf('R', schema), registry.idOf('R', schema)])).toEqual([7, 7])
  expect(await registry.idOf('R', schema)).toBe(7)
  expect(await registry.schemaOf(7)).toEqual(schema)
  expect(registry.ids()).toEqual([7])
  expect(asked).toEqual([
    'GET /api/config/p.R',
    'PUT /api/config/p.R',
    'POST /api/subjects/p.R/versions',
    'GET /api/subjects/p.R/versions',
  ])
})

it('knows all versions of its subjects', async () => {
  answers = {
    ...registered,
    'GET /api/config/p.R': [200, { compatibilityLevel: 'BACKWARD_TRANSITIVE' }],
    'GET /api/subjects/p.R/versions': [200, [1, 2]],
    'GET /api/subjects/p.R/versions/1': [200, { id: 3, schema: '{"type":"record","name":"R","fields":[]}' }],
    'GET /api/subjects/p.R/versions/2': [200, { id: 7, schema: JSON.stringify(schema) }],
  }
  const registry = open()
  await registry.idOf('R', schema)
  expect([...registry.ids()].sort()).toEqual([3, 7])
  expect(await registry.schemaOf(3)).toEqual({ type: 'record', name: 'R', fields: [] })
  expect(asked).not.toContain('PUT /api/config/p.R')
})

it('tells why a schema is refused, in one line', async () => {
  const message = 'a.b.RuleViolationException: Incompatible:\n  reader STRING, writer LONG'
  answers = { ...registered, 'POST /api/subjects/p.R/versions': [409, { error_code: 409, message }] }
  const failure = await open()
    .idOf('R', schema)
    .catch((error: unknown) => error)
  expect(failure).toEqual(new IncompatibleSchema('p.R: Incompatible: reader STRING, writer LONG'))
})

it('tells a registry that is away from a bug, and shows no password', async () => {
  answers = {
    ...registered,
    'POST /api/subjects/p.R/versions': [503, { error_code: 50301, message: 'busy' }],
  }
  const registry = open()
  await expect(registry.idOf('R', schema)).rejects.toThrow(RegistryUnavailable)
  answers = { ...registered, 'POST /api/subjects/p.R/versions': [422, { error_code: 42201, message: 'bad' }] }
  await expect(registry.idOf('R', schema)).rejects.toThrow('the schema registry does not take p.R: bad')
  answers = registered
  expect(await registry.idOf('R', schema)).toBe(7)
  expect(await registry.schemaOf(8)).toBeUndefined()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  const away = await open()
    .schemaOf(9)
    .catch((error: unknown) => error)
  expect(away).toBeInstanceOf(RegistryUnavailable)
  expect(String(away)).toContain('no schema registry at 127.0.0.1:')
  expect(String(away)).not.toContain('secret')
})
