import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chatScope } from '@heliograph/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ALICE, CHAT, Conversation } from '../conversation.fixture.ts'
import { inspectCommand } from '../inspect/command.ts'
import { UNREADABLE } from '../inspect/unseal.ts'
import { keysCommand } from './command.ts'
import { confirm } from './confirm.ts'
import { nextSteps } from './rotate.ts'

let conversation: Conversation
let master: string
let next: string
beforeEach(async () => {
  conversation = await Conversation.create()
  master = join(conversation.directory, 'master.key')
  next = join(conversation.directory, 'next.key')
})
afterEach(() => conversation.remove())

const keys = (...args: string[]) => conversation.run(keysCommand(), ...args)
const read = async () =>
  (await conversation.run(inspectCommand(), 'chat', CHAT, '--unseal', '--reason', 'test')).join('\n')

describe('keys rotate', () => {
  it('wraps all keys by a new master key, which it makes, and puts it in the place of the old one', async () => {
    const before = readFileSync(master)
    const lines = await keys('rotate', '--new-master', next)
    expect(lines[0]).toMatch(/^\d+ keys wrapped anew, 0 were already$/)
    expect(readFileSync(master)).toEqual(readFileSync(next))
    expect(readFileSync(`${master}.old`)).toEqual(before)
    rmSync(`${master}.old`)
    rmSync(next)
    expect(await read()).toContain('good morning')
  })

  it('leaves nothing that the old key opens', async () => {
    await keys('rotate', '--new-master', next)
    renameSync(`${master}.old`, master)
    await expect(conversation.on(async () => {})).rejects.toThrow('the master key does not open')
  })

  it('can be begun again where it was broken off before the keys changed places', async () => {
    const before = readFileSync(master)
    await keys('rotate', '--new-master', next)
    writeFileSync(master, before)
    rmSync(`${master}.old`)
    const lines = await keys('rotate', '--new-master', next)
    expect(lines[0]).toMatch(/^0 keys wrapped anew, \d+ were already$/)
    expect(await read()).toContain('good morning')
  })

  it('does not overwrite a key that an earlier rotation has left', async () => {
    writeFileSync(`${master}.old`, 'precious')
    await expect(keys('rotate', '--new-master', next)).rejects.toThrow('is left of an earlier rotation')
    expect(readFileSync(`${master}.old`, 'utf8')).toBe('precious')
    expect(await read()).toContain('good morning')
  })

  it('needs a usable file', async () => {
    await expect(keys('rotate')).rejects.toThrow('--new-master: is needed')
    writeFileSync(next, 'short')
    chmodSync(next, 0o600)
    await expect(keys('rotate', '--new-master', next)).rejects.toThrow('is not a master key')
  })

  it('tells what is left to do on servers, and when nothing is', () => {
    expect(nextSteps('k', false).join(' ')).toMatch(/--other-masters.*once more.*destroy the old key/)
    expect(nextSteps('k', true)).toEqual([expect.stringMatching(/^last: .*destroy the old key/)])
  })
})

describe('keys shred', () => {
  it('erases what was said in a chat, and nothing else; what is said later has a new key', async () => {
    await keys('shred', 'chat', CHAT, '--reason', 'asked for', '--yes')
    await conversation.on((stores, codec) => conversation.say(stores, codec, CHAT, 'from now on'))
    await conversation.handle()
    const text = await read()
    expect(text).not.toContain('good morning')
    expect(text).toContain(UNREADABLE)
    expect(text).toContain('from now on')
    const user = await conversation.run(inspectCommand(), 'user', `${ALICE}`, '--unseal', '--reason', 'test')
    expect(user.join('\n')).toContain('elsewhere')
  })

  it('erases a user', async () => {
    await keys('shred', 'user', `${ALICE}`, '--reason', 'asked for', '--yes')
    const user = await conversation.run(inspectCommand(), 'user', `${ALICE}`, '--unseal', '--reason', 'test')
    expect(user.join('\n')).not.toContain(`User ${ALICE}`)
  })

  it('is written down before, and needs a reason, a key and somebody to ask', async () => {
    await expect(keys('shred', 'chat', CHAT, '--yes')).rejects.toThrow('--reason: is needed')
    await expect(keys('shred', 'chat', 'u7-8', '--reason', 'x', '--yes')).rejects.toThrow('has no data key')
    await expect(keys('shred', 'chat', 'u', '--reason', 'x', '--yes')).rejects.toThrow('not a chat id')
    await expect(keys('shred', 'chat', CHAT, '--reason', 'x')).rejects.toThrow('--yes: needed')
    await conversation.on(async ({ ports }) => {
      expect(await ports.keyring.find(chatScope(CHAT))).toBeDefined()
      expect(await ports.log.end('audit', 0)).toBe(0)
    })
    await keys('shred', 'chat', CHAT, '--reason', 'asked for', '--yes')
    const [, , what, reason] = (await conversation.run(inspectCommand(), 'record', 'audit', '0', '0')).slice(
      1,
    )
    expect([what, reason]).toEqual([`  what: shred chat:${CHAT}`, '  reason: asked for'])
    expect(existsSync(master)).toBe(true)
  })

  it('goes on only where the id is typed again', async () => {
    await expect(confirm('?', CHAT, async () => 'u1-2')).rejects.toThrow('u1-2: not u1001-1002')
    await expect(confirm('?', CHAT, async () => '')).rejects.toThrow('nothing was done')
    await confirm('?', CHAT, async () => `${CHAT}\n`)
  })
})
