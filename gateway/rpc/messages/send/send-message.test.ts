import { expect, it } from 'vitest'
import { accessHash } from '../../access-hash.ts'
import { signUp, testRig } from '../../test-rig.ts'

it('sends in the order of the calls, however long each has to ask what the other one allows', async () => {
  const rig = await testRig()
  const alice = await signUp(rig, '+9996620001', 'Alice')
  const bob = await signUp(rig, '+9996620002', 'Bob', '02')
  const { directory, keyring } = rig.services
  const views = directory.views.bind(directory)
  // The first look-up takes longest, as it does where stores are servers.
  let turns = 30
  directory.cachedView = () => undefined
  directory.views = async (...asked) => {
    turns -= 10
    for (let turn = turns; turn > 0; turn--) await Promise.resolve()
    return views(...asked)
  }
  const given: bigint[] = []
  rig.services.commands.ask = (_topic, _key, record) => {
    if ('randomId' in record) given.push(record.randomId)
    return new Promise(() => {})
  }
  const hash = accessHash(keyring, alice.userId, 'user', bob.userId)
  const peer = { _: 'inputPeerUser', userId: bob.userId, accessHash: hash } as const
  const order = [1n, 2n, 3n]
  for (const randomId of order)
    void rig.call('messages.sendMessage', { peer, message: `text ${randomId}`, randomId }, alice)
  await expect.poll(() => given.length).toBe(order.length)
  expect(given).toEqual(order)
})
