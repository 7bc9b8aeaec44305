import { describe, expect, it } from 'vitest'
import { PUBLIC_FLOOD_LIMITS } from './config.ts'
import { createDispatch } from './dispatch.ts'
import { open, works } from './handler.ts'
import { handlers } from './registry.ts'
import { testRig } from './test-rig.ts'

describe('the dispatch', () => {
  it('wants a user for everything but what is open, unknown methods included', async () => {
    const rig = await testRig()
    const nobody = rig.caller()
    for (const method of ['updates.getState', 'account.getAccountTTL', 'smsjobs.join'] as const) {
      await expect(rig.call(method, {}, nobody)).rejects.toMatchObject({
        code: 401,
        errorMessage: 'AUTH_KEY_UNREGISTERED',
      })
    }
    expect(await rig.call('help.getNearestDc', {}, nobody)).toMatchObject({ _: 'nearestDc' })
  })

  it('refuses what it does not serve', async () => {
    const rig = await testRig()
    await expect(rig.call('smsjobs.join', {}, rig.caller(5))).rejects.toMatchObject({
      code: 400,
      errorMessage: 'METHOD_INVALID',
    })
    const forBots = rig.call(
      'help.setBotUpdatesStatus',
      { pendingUpdatesCount: 0, message: '' },
      rig.caller(5),
    )
    await expect(forBots).rejects.toMatchObject({ code: 400, errorMessage: 'USER_BOT_REQUIRED' })
  })

  it('begins calls in the turn in which they come', async () => {
    const rig = await testRig()
    const begun: string[] = []
    const dispatch = createDispatch(rig.services, {
      'help.getNearestDc': open(() => {
        begun.push('open')
        return { _: 'nearestDc', country: '', thisDc: 1, nearestDc: 1 }
      }),
      'updates.getState': works((_, { user, now }) => {
        begun.push(`user ${user} at ${now}`)
        return { _: 'updates.state', pts: 1, qts: 0, date: 0, seq: 0, unreadCount: 0 }
      }, 'send'),
    })
    const answers = [
      dispatch({ _: 'updates.getState' }, rig.caller(7)),
      dispatch({ _: 'help.getNearestDc' }, rig.caller()),
    ]
    expect(begun).toEqual(['user 7 at 1800000000', 'open'])
    await Promise.all(answers)
  })

  it('counts a call as what it costs: forwarding many is sending many, importing many is trying many', async () => {
    const rig = await testRig()
    const config = { ...rig.services.config, flood: PUBLIC_FLOOD_LIMITS }
    const dispatch = createDispatch({ ...rig.services, config }, handlers)
    const id = Array.from({ length: 50 }, (_, i) => i + 1)
    const peer = { _: 'inputPeerSelf' } as const
    const forward = { _: 'messages.forwardMessages', fromPeer: peer, toPeer: peer, id } as const
    const randomId = id.map(BigInt)
    await expect(dispatch({ ...forward, randomId }, rig.caller(7))).rejects.toMatchObject({ code: 400 })
    await expect(dispatch({ ...forward, randomId }, rig.caller(7))).rejects.toMatchObject({ code: 420 })
    const contact = { _: 'inputPhoneContact', clientId: 1n, phone: '', firstName: '', lastName: '' } as const
    const many = { _: 'contacts.importContacts', contacts: Array(1000).fill(contact) } as const
    await dispatch(many, rig.caller(8))
    await expect(dispatch(many, rig.caller(8))).rejects.toMatchObject({ code: 420 })
  })
})
