import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Long, type tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import type { Member } from './people.ts'
import { BINARY, type ServerProcess } from './server.ts'

const run = promisify(execFile)
const START_TIMEOUT_MS = 240_000
const CHOSEN = `chosen_${process.pid}`
const [GOLD, OPAL, NEWS] = [`Gold_${process.pid}`, 'Opal', `Daily_${process.pid}`]

describe('usernames that the operator gives', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member
  let channel: tl.RawInputChannel

  const heliograph = (...args: string[]) =>
    run(process.execPath, [BINARY, ...args, '--data', server.data, '--log-level', 'silent'])

  beforeAll(async () => {
    ;({ server, alice, bob } = await startCouple({ acquainted: false }))
    await alice.client.setMyUsername(CHOSEN)
    const made = await alice.client.createChannel({ title: 'Daily', description: '' })
    channel = (await alice.client.resolveChannel(made.id)) as tl.RawInputChannel
    await alice.client.setChatUsername(made.id, `news_${process.pid}`)
    await server.stop()
    await heliograph('usernames', 'grant', `${alice.id}`, GOLD, '--reason', 'bought')
    await heliograph('usernames', 'grant', `${alice.id}`, OPAL)
    await heliograph('usernames', 'grant', `c${channel.channelId}`, NEWS)
    await server.restart()
  }, START_TIMEOUT_MS)
  afterAll(() => endCouple({ server, alice, bob }))

  const own = async () => {
    const [me] = await alice.client.call({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] })
    return me as tl.RawUser
  }
  const resolve = (username: string) => bob.client.call({ _: 'contacts.resolveUsername', username })
  const toggle = (username: string, active: boolean) =>
    alice.client.call({ _: 'account.toggleUsername', username, active })
  const names = (user: tl.RawUser | tl.RawChannel) => user.usernames?.map((each) => each.username)

  it('are hidden until their owner shows them', async () => {
    await eventually('Alice has got them', async () => (await own()).usernames?.length === 3)
    const me = await own()
    expect(me.username).toBeUndefined()
    expect(me.usernames).toEqual(
      [
        { _: 'username', username: CHOSEN, editable: true, active: true },
        { _: 'username', username: GOLD },
        { _: 'username', username: OPAL },
      ].map((each) => expect.objectContaining(each)),
    )
    await expect(resolve(GOLD)).rejects.toMatchObject({ text: 'USERNAME_NOT_OCCUPIED' })
    expect(((await resolve(CHOSEN)).users[0] as tl.RawUser).username).toBe(CHOSEN)
  })

  it('are found, seen and ordered once they are shown: USERNAME_NOT_MODIFIED, ORDER_INVALID', async () => {
    expect(await toggle(GOLD, true)).toBe(true)
    await expect(toggle(GOLD, true)).rejects.toMatchObject({ text: 'USERNAME_NOT_MODIFIED' })
    await expect(toggle('nobodys_name', true)).rejects.toMatchObject({ text: 'USERNAME_INVALID' })
    await toggle(OPAL, true)
    expect((await resolve(OPAL)).peer).toMatchObject({ userId: alice.id })
    const order = (...names: string[]) => alice.client.call({ _: 'account.reorderUsernames', order: names })
    await order(OPAL, CHOSEN, GOLD)
    await expect(order(OPAL, CHOSEN, GOLD)).rejects.toMatchObject({ text: 'USERNAME_NOT_MODIFIED' })
    await expect(order(OPAL, CHOSEN)).rejects.toMatchObject({ text: 'ORDER_INVALID' })
    await eventually('Bob sees them in order', async () => {
      const user = (await resolve(CHOSEN)).users[0] as tl.RawUser
      return names(user)?.join() === [OPAL, CHOSEN, GOLD].join()
    })
    const found = await bob.client.call({ _: 'contacts.search', q: GOLD.toLowerCase(), limit: 5 })
    expect(found.results).toEqual([expect.objectContaining({ userId: alice.id })])
    await toggle(GOLD, false)
    await eventually('a hidden name leads nowhere', () =>
      resolve(GOLD).then(
        () => false,
        (error: { text?: string }) => error.text === 'USERNAME_NOT_OCCUPIED',
      ),
    )
  })

  it('stay whose they are: USERNAME_OCCUPIED', async () => {
    for (const member of [alice, bob])
      await expect(member.client.setMyUsername(GOLD)).rejects.toMatchObject({ text: 'USERNAME_OCCUPIED' })
  })

  it("are a channel's too", async () => {
    const set = (username: string, active: boolean) =>
      alice.client.call({ _: 'channels.toggleUsername', channel, username, active })
    expect(await set(NEWS, true)).toBe(true)
    await expect(set('nobodys_name', true)).rejects.toMatchObject({ text: 'USERNAME_INVALID' })
    const found = await resolve(NEWS)
    expect(names(found.chats[0] as tl.RawChannel)).toEqual([`news_${process.pid}`, NEWS])
    const reorder = (...order: string[]) =>
      alice.client.call({ _: 'channels.reorderUsernames', channel, order })
    expect(await reorder(NEWS, `news_${process.pid}`)).toBe(true)
    await expect(reorder(NEWS)).rejects.toMatchObject({ text: 'CHAT_NOT_MODIFIED' })
    expect(await alice.client.call({ _: 'channels.deactivateAllUsernames', channel })).toBe(true)
    await eventually('it has its own name only', async () => {
      const { chats } = await resolve(`news_${process.pid}`)
      return (chats[0] as tl.RawChannel).username === `news_${process.pid}`
    })
    await expect(resolve(NEWS)).rejects.toMatchObject({ text: 'USERNAME_NOT_OCCUPIED' })
    const filter = { _: 'channelAdminLogEventsFilter', info: true } as const
    const all = { q: '', maxId: Long.ZERO, minId: Long.ZERO, limit: 10 } as const
    const log = await alice.client.call({ _: 'channels.getAdminLog', channel, eventsFilter: filter, ...all })
    const actions = log.events.map(({ action }) => action)
    const changes = actions.filter((each) => each._ === 'channelAdminLogEventActionChangeUsernames')
    const own = `news_${process.pid}`
    expect(changes.map(({ prevValue, newValue }) => [prevValue, newValue])).toEqual([
      [[NEWS, own], [own]],
      [
        [own, NEWS],
        [NEWS, own],
      ],
      [[own], [own, NEWS]],
    ])
  })

  it(
    'are free again when the operator takes them back',
    async () => {
      await server.stop()
      await heliograph('usernames', 'revoke', `${alice.id}`, GOLD)
      await server.restart()
      await eventually('Alice has one less', async () => (await own()).usernames?.length === 2)
      await eventually('and Bob may have it', () =>
        bob.client.setMyUsername(GOLD).then(
          () => true,
          () => false,
        ),
      )
    },
    START_TIMEOUT_MS,
  )
})
