import { RpcError } from '@heliograph/schemas/tl'
import { MemoryTables, StoreUnavailable } from '@heliograph/storage'
import { LogUnavailable } from '@heliograph/topics'
import { expect, it } from 'vitest'
import { createDispatch } from './dispatch.ts'
import { open } from './handler.ts'
import { OUTAGE_NOTICE_MS, Outage } from './outage.ts'
import { testRig } from './test-rig.ts'

function recorded() {
  const warnings: object[] = []
  const log = { info() {}, warn: (fields: object) => void warnings.push(fields), error() {} }
  return { warnings, log }
}

it('is answered with an error that clients repeat, and told of at most once a minute', () => {
  const { warnings, log } = recorded()
  let nowMs = 5
  const outage = new Outage(log, () => nowMs)
  for (let i = 0; i < 10; i++) {
    expect(outage.refusalOf(new StoreUnavailable('no node answers'))).toMatchObject({ code: 500 })
  }
  expect(warnings).toEqual([{ reason: 'no node answers', calls: 1 }])
  nowMs += OUTAGE_NOTICE_MS
  expect(outage.refusalOf(new LogUnavailable('no broker'))).toMatchObject({ errorMessage: 'LOG_UNAVAILABLE' })
  expect(warnings[1]).toEqual({ reason: 'no broker', calls: 10 })
})

it('leaves rejections and faults as they are', () => {
  const { warnings, log } = recorded()
  const outage = new Outage(log, () => 0)
  for (const error of [new RpcError(400, 'PEER_ID_INVALID'), new Error('bug'), undefined]) {
    expect(outage.refusalOf(error)).toBe(error)
  }
  expect(warnings).toEqual([])
})

it('is no fault of ours to the session, whether handlers meet it at once or later, or the look-up of the user does', async () => {
  const rig = await testRig()
  const { warnings, log } = recorded()
  const away = new StoreUnavailable('away')
  const services = { ...rig.services, log }
  const dispatch = createDispatch(services, {
    'help.getNearestDc': open(() => {
      throw away
    }),
    'help.getConfig': open(async () => {
      await new MemoryTables(undefined, Date.now, () => Promise.reject(away)).create([])
      throw new Error('reached')
    }),
  })
  const expected = { code: 500, errorMessage: 'STORE_UNAVAILABLE' }
  for (const method of ['help.getNearestDc', 'help.getConfig'] as const) {
    await expect(dispatch({ _: method }, rig.caller())).rejects.toMatchObject(expected)
  }
  services.authKeys.refresh = () => Promise.reject(away)
  await expect(dispatch({ _: 'updates.getState' }, rig.caller())).rejects.toMatchObject(expected)
  expect(warnings.length).toBe(1)
})
