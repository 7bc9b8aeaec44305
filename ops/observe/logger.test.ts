import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLogger, FIELDS } from './logger.ts'

const root = join(import.meta.dirname, '../..')
const packages = ['topics', 'storage', 'gateway', 'ops/start', 'ops/observe']

function sources(folder: string): string[] {
  const skipped = /(^|\/)(dist|node_modules)\/|\.(test|contract|fixture)\.ts$/
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.ts') && !skipped.test(file)).map((file) => join(folder, file))
}

/** Names in the objects that a file gives to a logger. */
function loggedFields(file: string): string[] {
  const calls = readFileSync(file, 'utf8').matchAll(/\b#?log(?:\.\w+|\[\w+\])\(\s*\{([^{}]*)\}/g)
  return [...calls].flatMap(([, fields = '']) =>
    [...fields.matchAll(/(?:^|,)\s*(\w+)/g)].map(([, name = '']) => name),
  )
}

function logging() {
  const lines: string[] = []
  const to = { write: (line: string) => void lines.push(line) }
  const log = createLogger({ level: 'info', role: 'gateway', node: 'n1', to })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> }
}

describe('createLogger', () => {
  it('writes lines with time, level, role, node and known fields', () => {
    const { log, last } = logging()
    log.info({ group: 'message', topic: 'chat.commands', partition: 3 }, 'partition assigned')
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      role: 'gateway',
      node: 'n1',
      group: 'message',
      topic: 'chat.commands',
      partition: 3,
      msg: 'partition assigned',
    })
  })

  it('leaves out fields that nobody has allowed', () => {
    const { log, lines } = logging()
    const call = { phone: '+15550001', phoneCode: '12345', message: 'hello', record: { text: 'secret' } }
    log.warn({ ...call, where: 'auth.signIn' }, 'odd')
    log.warn({ error: { nested: 'secret' } }, 'odder')
    expect(lines.join()).not.toMatch(/15550001|12345|hello|secret/)
    expect(lines.join()).toContain('auth.signIn')
  })

  it('knows the fields of all lines that the packages log', () => {
    const used = packages.flatMap((name) => sources(join(root, name))).flatMap(loggedFields)
    expect(used.length).toBeGreaterThan(10)
    expect(used.filter((field) => !FIELDS.has(field))).toEqual([])
  })

  it('takes numbers of telephones and keys out of errors', () => {
    const { log, lines } = logging()
    const key = randomBytes(32)
    // One that begins with no letter or digit, and so at no boundary of a word.
    const signed = Buffer.concat([Buffer.from([0xf8]), key.subarray(1)])
    const texts = [key.toString('hex'), key.toString('base64'), key.toString('base64url')]
    texts.push(signed.toString('base64'), signed.toString('base64url'))
    for (const secret of [...texts, '+4915112345678', '15551234567'])
      log.error({ error: new Error(`cannot use ${secret} here`) }, 'failed')
    const all = lines.join()
    for (const secret of [...texts, '4915112345678', '15551234567']) expect(all).not.toContain(secret)
    expect(all).toContain('logger.test.ts')
  })

  it('lets places, times and requests be', () => {
    const { log, last } = logging()
    const request = '7521346784214540289'
    log.error({ request, reason: 'chat.events/3 ends at 1234567, not 1234566', tookMs: 1203 }, 'failed')
    expect(last()).toMatchObject({
      request,
      reason: 'chat.events/3 ends at 1234567, not 1234566',
      tookMs: 1203,
    })
  })

  it('does not write what is below its level', () => {
    const { log, lines } = logging()
    log.debug({ where: 'somewhere' }, 'quiet')
    expect(lines).toEqual([])
  })
})
