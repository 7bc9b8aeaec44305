import { beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../../mtproto/ports.ts'
import { type Rig, signUp, testRig } from '../test-rig.ts'

describe('reports', () => {
  let rig: Rig
  let alice: Caller & { userId: number }
  const peer = { _: 'inputPeerSelf' } as const
  beforeEach(async () => {
    rig = await testRig()
    alice = (await signUp(rig, '+99966100002', 'Alice')) as never
  })

  const report = (option: string, message = '') =>
    rig.call('messages.report', { peer, id: [], option: Buffer.from(option), message }, alice)

  it('are asked for step by step', async () => {
    const choice = await report('')
    expect(choice).toMatchObject({ _: 'reportResultChooseOption' })
    expect(await report('spam')).toEqual({ _: 'reportResultReported' })
    expect(await report('other')).toMatchObject({ _: 'reportResultAddComment' })
    expect(await report('other', 'see for yourself')).toEqual({ _: 'reportResultReported' })
    await expect(report('nonsense')).rejects.toThrow('OPTION_INVALID')
  })

  it('put the offer to report away', async () => {
    await rig.call('messages.hidePeerSettingsBar', { peer }, alice)
    const name = `bar-hidden:${alice.userId}`
    expect(rig.commands.filter(({ record }) => 'name' in record && record.name === name)).toHaveLength(1)
    await rig.call('messages.reportSpam', { peer }, alice)
    expect(rig.commands.filter(({ record }) => 'name' in record && record.name === name)).toHaveLength(1)
    const { settings } = await rig.call('messages.getPeerSettings', { peer }, alice)
    expect(settings).toEqual({ _: 'peerSettings' })
  })
})
