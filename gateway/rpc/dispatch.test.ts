import { describe, expect, it } from 'vitest'
import { createDispatch } from './dispatch.ts'
import { open, works } from './handler.ts'
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
})
