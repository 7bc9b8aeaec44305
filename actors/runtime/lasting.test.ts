import { StoreUnavailable } from '@heliograph/storage'
import { expect, test } from 'vitest'
import { type Said, toyDecider } from './simulation/toy-chat.ts'
import { decodeBare } from './simulation/toy-codec.ts'
import { rest, say, ToyRig } from './toy.fixture.ts'

/** The toy chat, which tells of each message twice: once for those who listen just then, and once to be heard. */
const telling: typeof toyDecider = {
  ...toyDecider,
  react: (event, header, at) => {
    const record = { type: 'ToyUpdate', userId: event.by, pts: event.seq }
    return [
      ...toyDecider.react(event, header, at),
      { kind: 'publication', channel: 'passing', record },
      { kind: 'publication', channel: 'lasting', record, lasting: true },
    ]
  },
}

test('what has to be heard is told again by the next owner, once its rows are there; the rest is not', async () => {
  const rig = await ToyRig.create()
  const heard: string[] = []
  for (const channel of ['passing', 'lasting'])
    await rig.bus.subscribe(channel, (payload) => {
      const { pts } = decodeBare(payload) as unknown as { pts: number }
      heard.push(`${channel} ${pts}`)
    })
  const actors = await rig.start({ deciders: [telling], limits: { checkpointEveryRecords: 1_000 } })
  await rig.ask(say('a', 1))
  expect(heard).toEqual(['passing 1', 'lasting 1'])
  heard.length = 0

  let isAway = true
  rig.fault = ({ store, operation }) => {
    if (store === 'tables' && isAway && operation === 'apply') throw new StoreUnavailable('away')
  }
  await rig.send(say('a', 2))
  await rest()
  expect(heard).toEqual([])
  isAway = false
  await rest()
  const told: readonly Said[] = await rig.said()
  expect(told.map(({ seq }) => seq)).toEqual([1, 2])
  expect(heard.filter((each) => each.startsWith('passing'))).toEqual([])
  expect(heard.at(-1)).toBe('lasting 2')
  await actors.stop()
  expect(rig.fatal).toEqual([])
})
