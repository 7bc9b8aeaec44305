import { messages } from '@heliograph/storage'
import { partitionOf } from '@heliograph/topics'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ALICE, CHAT, Conversation } from './conversation.fixture.ts'
import { deadLettersCommand } from './dead-letters.ts'
import { inspectCommand } from './inspect/command.ts'
import { topicsCommand } from './topics.ts'

let conversation: Conversation
beforeEach(async () => {
  conversation = await Conversation.create()
})
afterEach(() => conversation.remove())

/** What the audit topic holds, as the command for it shows. */
async function audited(): Promise<string[]> {
  const found: string[] = []
  for (let offset = 0; ; offset++) {
    try {
      const shown = await conversation.run(inspectCommand(), 'record', 'audit', '0', String(offset))
      found.push(
        shown
          .filter((line) => /^ {2}(what|reason):/.test(line))
          .map((line) => line.trim())
          .join(' '),
      )
    } catch {
      return found
    }
  }
}

describe('topics', () => {
  it('lists what the topics hold, and how far the groups are', async () => {
    const [line] = await conversation.run(topicsCommand(), '--json')
    const { partitions, groups } = JSON.parse(line ?? '')
    const records = (topic: string) =>
      partitions
        .filter((each: { topic: string }) => each.topic === topic)
        .reduce((sum: number, each: { records: number }) => sum + each.records, 0)
    expect(records('chat.commands')).toBe(3)
    expect(records('mailbox.events')).toBe(6)
    expect(partitions.length).toBe(2 * 7 + 2)
    expect(groups.length).toBe(2 * 7)
    for (const { lag, position, end } of groups) expect([lag, position]).toEqual([0, end])
  })

  it('tells the lag of what has not been handled', async () => {
    await conversation.on((stores, codec) => conversation.say(stores, codec, CHAT, 'still there?'))
    const lines = await conversation.run(topicsCommand())
    const partition = partitionOf(CHAT, 2)
    const row = lines.find((line) => new RegExp(`message .* chat.commands .* ${partition} `).test(line))
    expect(row?.split('│').at(-2)?.trim()).toMatch(/1/)
  })
})

describe('inspect', () => {
  it('shows the commands and events of one chat, with sealed parts as lengths', async () => {
    const lines = await conversation.run(inspectCommand(), 'chat', CHAT)
    const heads = lines.filter((line) => !line.startsWith(' '))
    expect(heads.map((line) => line.split(/ +/).slice(-2).join(' '))).toEqual([
      `${CHAT} SendMessage`,
      `${CHAT} SendMessage`,
      `${CHAT} MessageSent`,
      `${CHAT} MessageSent`,
    ])
    expect(lines.join('\n')).toMatch(/ {2}sealed: \d+ bytes/)
    expect(lines.join('\n')).toMatch(/follows from chat.commands \d:\d #0, epoch 2/)
    expect(lines.join('\n')).not.toMatch(/good morning|elsewhere/)
    expect(await audited()).toEqual([])
  })

  it('takes a topic, a place to begin and a limit', async () => {
    const flags = ['--topic', 'chat.commands', '--limit', '1', '--json']
    const [line, ...more] = await conversation.run(inspectCommand(), 'chat', CHAT, ...flags)
    expect(more).toEqual([])
    const { offset } = JSON.parse(line ?? '')
    const next = await conversation.run(
      inspectCommand(),
      'chat',
      CHAT,
      ...flags,
      '--from',
      String(offset + 1),
    )
    expect(JSON.parse(next[0] ?? '').offset).toBeGreaterThan(offset)
  })

  it('shows the account and the mailbox of a user', async () => {
    const text = (await conversation.run(inspectCommand(), 'user', String(ALICE))).join('\n')
    for (const type of ['CreateUser', 'UserChanged', 'MailboxMessage']) expect(text).toContain(type)
    expect(text).toMatch(/profile: \d+ bytes/)
  })

  it('unseals with a reason only, and writes it down first', async () => {
    const asking = ['chat', CHAT, '--unseal']
    await expect(conversation.run(inspectCommand(), ...asking)).rejects.toThrow('--unseal: needs --reason')
    expect(await audited()).toEqual([])
    const text = (await conversation.run(inspectCommand(), ...asking, '--reason', 'a complaint')).join('\n')
    expect(text).toContain('good morning')
    expect(text).toContain('how are you?')
    expect(text).not.toContain('elsewhere')
    const user = ['user', String(ALICE), '--unseal', '--reason', 'a question']
    expect((await conversation.run(inspectCommand(), ...user)).join('\n')).toContain(`User ${ALICE}`)
    expect(await audited()).toEqual([
      `what: unseal chat ${CHAT} reason: a complaint`,
      `what: unseal user ${ALICE} reason: a question`,
    ])
  })

  it('refuses what is no id, topic or record in one line', async () => {
    const refused = (...args: string[]) => expect(conversation.run(inspectCommand(), ...args)).rejects
    await refused('chat', 'x1').toThrow(/^x1: not a chat id[^\n]*$/)
    await refused('user', '0').toThrow('0: not a user id')
    await refused('record', 'nothing', '0', '0').toThrow('nothing: not a topic')
    await refused('record', 'chat.events', '9', '0').toThrow('9: not a partition')
    await refused('record', 'dead-letters', '0', '7').toThrow('dead-letters 0:7: there is no record')
  })
})

describe('dead letters', () => {
  beforeEach(async () => {
    await conversation.on(async (stores, codec) => {
      await conversation.append(stores.ports.log, 'chat.commands', CHAT, Buffer.from('poison'))
      await conversation.say(stores, codec, CHAT, 'behind it')
    })
    await conversation.handle()
  })

  const dead = (...args: string[]) => conversation.run(deadLettersCommand(), ...args)
  const bodies = () =>
    conversation.on(({ ports }) => ports.tables.range(messages, { chatId: CHAT }, { limit: 10 }))

  it('are listed with origin and reason, and shown with what they hold', async () => {
    const { letters, parked } = JSON.parse((await dead('list', '--json'))[0] ?? '')
    expect(letters.map(({ key, resubmitted }: Record<string, unknown>) => [key, resubmitted])).toEqual([
      [CHAT, false],
      [CHAT, false],
    ])
    expect(letters[1].reason).toBe('parked before')
    expect(parked.map(({ key }: { key: string }) => key)).toEqual([CHAT])
    expect((await dead('list')).join('\n')).toContain(CHAT)
    expect((await dead('show', '0')).join('\n')).toMatch(/6 bytes \(not a record\)/)
    const shown = (await dead('show', '1')).join('\n')
    expect(shown).toContain('SendMessage')
    expect(shown).toMatch(/sealed: \d+ bytes/)
    await expect(dead('show', '9')).rejects.toThrow('9: no dead letter has this offset')
  })

  it('go back to their group once their actor goes on; both are written down', async () => {
    await expect(dead('resubmit', '1')).rejects.toThrow(/its actor is parked: .* unpark message/)
    await dead('unpark', 'message', CHAT, '--reason', 'mended')
    await conversation.handle()
    await expect(dead('unpark', 'message', CHAT)).rejects.toThrow('is not parked')
    await expect(dead('resubmit', '0')).rejects.toThrow('the record cannot be read')
    expect((await bodies()).length).toBe(2)
    await dead('resubmit', '1', '--reason', 'it was fine')
    await expect(dead('resubmit', '1')).rejects.toThrow('re-submitted already')
    await conversation.handle()
    expect((await bodies()).length).toBe(3)
    const entries = await audited()
    expect(entries[0]).toBe(`what: unpark message ${CHAT} reason: mended`)
    expect(entries.at(-1)).toBe('what: resubmit dead letter 1 reason: it was fine')
  })

  it('go in first where an actor is let go on with its letters', async () => {
    await expect(dead('unpark', 'nobody', CHAT)).rejects.toThrow('nobody: not a group')
    await expect(dead('unpark', 'message', CHAT, '--with-letters')).rejects.toThrow('cannot be read')
  })
})
