import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ALICE, BOB, Conversation } from '../conversation.fixture.ts'
import { usernamesCommand } from './command.ts'

let conversation: Conversation
beforeEach(async () => {
  conversation = await Conversation.create()
})
afterEach(() => conversation.remove())

const run = (...args: string[]) => conversation.run(usernamesCommand(), ...args)
/** What follows from a command is a command of the next round. */
const settle = async () => {
  await conversation.handle()
  await conversation.handle()
}
const listed = async (owner: number) => JSON.parse((await run('list', String(owner), '--json')).join(''))

describe('heliograph usernames', () => {
  it('gives a name, which is hidden first, and takes it back, which frees it for others', async () => {
    await run('grant', `${ALICE}`, '@Gold', '--reason', 'bought')
    await settle()
    expect(await listed(ALICE)).toEqual([{ username: 'Gold', active: false }])
    await expect(run('grant', `${BOB}`, 'gold')).rejects.toThrow('is taken')
    await run('revoke', `${ALICE}`, 'GOLD')
    await settle()
    expect(await listed(ALICE)).toEqual([])
    await run('grant', `${BOB}`, 'gold')
    await settle()
    expect((await run('list', `${BOB}`)).join('\n')).toContain('gold')
  })

  it('refuses what cannot be done', async () => {
    await expect(run('grant', '77', 'gold')).rejects.toThrow('no such account')
    await expect(run('grant', 'c77', 'gold')).rejects.toThrow('no such account')
    await expect(run('grant', 'x', 'gold')).rejects.toThrow('neither a user id')
    await expect(run('grant', `${ALICE}`, 'abc')).rejects.toThrow('cannot be a username')
    await expect(run('revoke', `${ALICE}`, 'gold')).rejects.toThrow('was not given')
  })
})
