import { Long, type tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Couple, endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import type { Member } from './people.ts'

const WHEN_ONLINE = 0x7ffffffe
/** What is due within 10 s is sent at once: that much, and as long as a machine may stop. */
const DUE_SECONDS = 17

describe('scheduled messages and timers, seen from mtcute', () => {
  let couple: Couple
  let alice: Member
  let bob: Member
  let nextRandomId = 1000

  beforeAll(async () => {
    couple = await startCouple({ acquainted: true })
    alice = couple.alice
    bob = couple.bob
  })
  afterAll(() => endCouple(couple ?? {}))

  const schedule = async (to: Member, message: string, scheduleDate: number) => {
    const peer = await alice.client.resolvePeer(to.id)
    const randomId = Long.fromNumber(nextRandomId++)
    const request = { _: 'messages.sendMessage', peer, message, randomId, scheduleDate } as const
    const answer = (await alice.client.call(request)) as tl.RawUpdates
    return answer.updates.find((update) => update._ === 'updateNewScheduledMessage')?.message as tl.RawMessage
  }
  const history = async (of: Member): Promise<tl.RawMessage[]> => {
    const peer = await alice.client.resolvePeer(of.id)
    const answer = await alice.client.call({ _: 'messages.getScheduledHistory', peer, hash: Long.ZERO })
    return (answer as tl.messages.RawMessages).messages as tl.RawMessage[]
  }
  const soon = (seconds: number) => Math.floor(Date.now() / 1000) + seconds
  const textsOf = async (who: Member, other: Member) =>
    (await who.client.getHistory(other.id, { limit: 20 })).map(({ text }) => text)

  it('wait in their own list, and nobody else sees them', async () => {
    const later = soon(3600)
    const message = await schedule(bob, 'later', later)
    expect(message).toMatchObject({ message: 'later', date: later, fromScheduled: true, out: true })
    expect(await history(bob)).toMatchObject([{ id: message.id, message: 'later', date: later }])
    expect(await textsOf(alice, bob)).not.toContain('later')
  })

  it('are edited, sent at once and given up', async () => {
    const later = soon(7200)
    const first = await schedule(bob, 'first draft', later)
    const second = await schedule(bob, 'never sent', later)
    const peer = await alice.client.resolvePeer(bob.id)
    await alice.client.call({
      _: 'messages.editMessage',
      peer,
      id: first.id,
      message: 'final version',
      scheduleDate: later + 60,
    })
    await alice.client.call({ _: 'messages.deleteScheduledMessages', peer, id: [second.id] })
    expect((await history(bob)).map(({ message }) => message)).toEqual(['final version', 'later'])
    const sent = (await alice.client.call({
      _: 'messages.sendScheduledMessages',
      peer,
      id: [first.id],
    })) as tl.RawUpdates
    expect(sent.updates.map(({ _ }) => _)).toEqual(['updateNewMessage', 'updateDeleteScheduledMessages'])
    await eventually('Bob has it', async () => (await textsOf(bob, alice)).includes('final version'))
    expect((await history(bob)).map(({ message }) => message)).toEqual(['later'])
  })

  it('are sent when they are due', async () => {
    const heard = new Map<string, number>()
    bob.client.onNewMessage.add(({ text, raw }) => void heard.set(text, raw.date))
    const due = soon(DUE_SECONDS)
    expect(await schedule(bob, 'on time', due)).toMatchObject({ date: due })
    expect(await eventually('Bob hears it', () => heard.get('on time'))).toBeGreaterThanOrEqual(due)
    await eventually('Alice is told', () =>
      alice.updates.some(({ _ }) => _ === 'updateDeleteScheduledMessages'),
    )
    expect((await history(bob)).map(({ message }) => message)).toEqual(['later'])
  })

  it('wait for the other one to be online', async () => {
    await bob.client.call({ _: 'account.updateStatus', offline: true })
    await schedule(bob, 'you are back', WHEN_ONLINE)
    expect(await textsOf(bob, alice)).not.toContain('you are back')
    await bob.client.call({ _: 'account.updateStatus', offline: false })
    await eventually('Bob has it', async () => (await textsOf(bob, alice)).includes('you are back'))
  })

  it('run out where the chat has a timer, for both', async () => {
    const peer = await alice.client.resolvePeer(bob.id)
    const received = new Map<string, tl.TypeMessage>()
    bob.client.onNewMessage.add(({ text, raw }) => void received.set(text, raw))
    await alice.client.call({ _: 'messages.setHistoryTTL', peer, period: 8 })
    const sent = await alice.client.sendText(bob.id, 'gone in a moment')
    expect(sent.raw).toMatchObject({ ttlPeriod: 8 })
    // As he was told of it: by the time that he asks it may be gone.
    const seen = await eventually('Bob has it', () => received.get('gone in a moment'))
    expect(seen).toMatchObject({ ttlPeriod: 8 })
    await eventually('Bob loses it', async () => !(await textsOf(bob, alice)).includes('gone in a moment'))
    await eventually('Bob is told', () =>
      bob.updates.some(
        (update) =>
          update._ === 'updateDeleteMessages' &&
          (update as tl.RawUpdateDeleteMessages).messages.includes(seen.id),
      ),
    )
    await alice.client.call({ _: 'messages.setHistoryTTL', peer, period: 0 })
    const kept = await alice.client.sendText(bob.id, 'stays')
    expect(kept.raw).not.toHaveProperty('ttlPeriod', 8)
  })

  it('are sent once where the server dies in between, and run out in groups as well', async () => {
    const group = (await alice.client.createSupergroup({ title: 'Brief' })).id
    const peer = await alice.client.resolvePeer(group)
    await alice.client.call({ _: 'messages.setHistoryTTL', peer, period: 5 })
    await alice.client.sendText(group, 'brief')
    await schedule(bob, 'after the crash', soon(DUE_SECONDS))
    await couple.server.kill()
    await couple.server.restart()
    const sent = async () => (await textsOf(bob, alice)).filter((text) => text === 'after the crash').length
    await eventually('Bob has it', async () => (await sent()) > 0)
    const left = async () => (await alice.client.getHistory(group, { limit: 10 })).map(({ text }) => text)
    await eventually('the message of the group is gone', async () => !(await left()).includes('brief'))
    expect(await sent()).toBe(1)
    expect((await history(bob)).map(({ message }) => message)).toEqual(['later'])
  })

  it('are refused for dates that cannot be', async () => {
    await expect(schedule(bob, 'too far', soon(400 * 24 * 3600))).rejects.toMatchObject({
      text: 'SCHEDULE_DATE_TOO_LATE',
    })
    await expect(schedule(alice, 'me, online', WHEN_ONLINE)).rejects.toMatchObject({
      text: 'SCHEDULE_DATE_INVALID',
    })
  })
})
