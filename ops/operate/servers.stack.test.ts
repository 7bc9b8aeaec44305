import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { privateChatId, type UserId } from '@heliograph/schemas/avro'
import { masterKey } from '@heliograph/storage/files'
import { topicDefinitions } from '@heliograph/topics'
import { MemoryStorage } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mtcuteClient } from '../clients/mtcute.ts'
import { acquaint, type Member, memberOn } from '../e2e/people.ts'
import { BINARY, LOGIN_CODE } from '../e2e/server.ts'
import { readStack } from '../stack/endpoints.ts'
import { removeNamespace } from '../stack/namespace.ts'
import { parseOptions } from '../start/options/fields.ts'
import { START_FIELDS } from '../start/options/options.ts'
import { type RunningServer, serve } from '../start/serve.ts'

const run = promisify(execFile)
const servers = process.env.HELIOGRAPH_STACK ?? ''
const namespace = `operate_${randomBytes(6).toString('hex')}`
/** A start, a conversation, a stop and several commands, each on real servers. */
const TIMEOUT_MS = 240_000
const TEXTS = ['one', 'two', 'three', 'four', 'five']

describe('an operator of a deployment on servers', () => {
  let data: string
  let server: RunningServer
  let alice: Member
  let bob: Member

  /** Runs a command as the shell would; resolves to what it printed. */
  const heliograph = async (...args: string[]): Promise<string> => {
    const stores = ['--data', data, '--servers', servers, '--namespace', namespace, '--log-level', 'silent']
    return (await run(process.execPath, [BINARY, ...args, ...stores, '--partitions', '2'])).stdout
  }

  const start = async (otherMasters = ''): Promise<RunningServer> => {
    const address = '127.0.0.1:0'
    const flags = { data, servers, namespace, partitions: '2', tcp: address, http: address, warmUp: '0' }
    const options = { ...flags, otherMasters, loginCode: LOGIN_CODE, logLevel: 'error' }
    return serve(parseOptions(START_FIELDS, options, {}), () => {})
  }

  const signIn = async (firstName: string) =>
    memberOn(await mtcuteClient(server.endpoints, { storage: new MemoryStorage() }), firstName)

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'heliograph-operate-'))
    server = await start()
    alice = await signIn('Alice')
    bob = await signIn('Bob')
    await acquaint(alice, bob)
    for (const text of TEXTS) await alice.client.sendText(bob.id, text)
    await alice.client.destroy()
    await bob.client.destroy()
    await server.stop()
  }, TIMEOUT_MS)
  afterAll(async () => {
    await server.stop()
    await removeNamespace(await readStack(servers), namespace)
    await rm(data, { recursive: true, force: true })
  }, TIMEOUT_MS)

  it(
    'sees topics, positions and records',
    async () => {
      const { partitions, groups } = JSON.parse(await heliograph('topics', '--json'))
      expect(partitions.length).toBe(topicDefinitions(2).reduce((sum, topic) => sum + topic.partitions, 0))
      expect(groups.map(({ lag }: { lag: number }) => lag)).toEqual(groups.map(() => 0))
      const chat = privateChatId(alice.id as UserId, bob.id as UserId)
      const events = await heliograph('inspect', 'chat', chat, '--topic', 'chat.events')
      expect(events.match(/MessageSent/g)?.length).toBe(TEXTS.length)
      expect(events).not.toMatch(/three/)
      const flags = ['--unseal', '--reason', 'a test']
      expect(await heliograph('inspect', 'chat', chat, ...flags)).toMatch(/"text":"three"/)
      expect(await heliograph('inspect', 'record', 'audit', '0', '0')).toContain('reason: a test')
    },
    TIMEOUT_MS,
  )

  it(
    'replays, finds all equal, adopts the replayed tables, and clients read on',
    async () => {
      const result = JSON.parse(await heliograph('replay', '--adopt', '--json'))
      expect(result).toMatchObject({ differences: 0 })
      expect(result.rows).toBeGreaterThan(TEXTS.length * 8)
      expect(result.note).toContain(`${namespace}_r1`)
      server = await start()
      const again = await memberOn(await mtcuteClient(server.endpoints), 'Bob', bob.phone)
      await again.client.getContacts()
      const history = await again.client.getHistory(alice.id, { limit: 10 })
      expect(history.map(({ text }) => text).reverse()).toEqual(TEXTS)
      await again.client.sendText(alice.id, 'six')
      expect((await again.client.getHistory(alice.id, { limit: 1 }))[0]?.text).toBe('six')
      await again.client.destroy()
    },
    TIMEOUT_MS,
  )

  it(
    'changes the master key while clients go on',
    async () => {
      const [master, old, next] = ['master.key', 'old.key', 'next.key'].map((name) => join(data, name)) as [
        string,
        string,
        string,
      ]
      const rotate = (...flags: string[]) =>
        heliograph('keys', 'rotate', '--new-master', next, '--yes', ...flags)
      const restart = async (otherMasters?: string) => {
        await server.stop()
        server = await start(otherMasters)
      }
      await masterKey(next)
      await restart(next)
      expect(await rotate()).toMatch(/[1-9]\d* keys wrapped anew/)
      const reader = await signIn('Carol')
      await rename(master, old)
      await copyFile(next, master)
      await restart(old)
      const again = await rotate('--other-masters', old)
      expect(again).toMatch(/^[1-9]\d* keys wrapped anew/)
      expect(again).toContain('last: ')
      await rm(old)
      await restart()
      await reader.client.destroy()
      const bobAgain = await memberOn(await mtcuteClient(server.endpoints), 'Bob', bob.phone)
      await bobAgain.client.getContacts()
      const history = await bobAgain.client.getHistory(alice.id, { limit: 10 })
      expect(history.map(({ text }) => text).reverse()).toEqual([...TEXTS, 'six'])
      await bobAgain.client.destroy()
    },
    TIMEOUT_MS,
  )
})
