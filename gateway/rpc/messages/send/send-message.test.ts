import { StoreUnavailable } from '@heliograph/storage'
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

it('fails where a store is away, whatever fails first, and nothing is left that would end the process', async () => {
  const rig = await testRig()
  const alice = await signUp(rig, '+9996620001', 'Alice')
  const bob = await signUp(rig, '+9996620002', 'Bob', '02')
  const { directory, keyring, tables } = rig.services
  const away = () => Promise.reject(new StoreUnavailable('away'))
  directory.cachedView = () => undefined
  directory.views = away
  tables.get = away
  tables.getMany = away
  const hash = accessHash(keyring, alice.userId, 'user', bob.userId)
  const peer = { _: 'inputPeerUser', userId: bob.userId, accessHash: hash } as const
  const sent = rig.call('messages.sendMessage', { peer, message: 'text', randomId: 1n }, alice)
  await expect(sent).rejects.toMatchObject({ code: 500 })
  // The test run fails of itself where a rejection is nobody's by then.
  await new Promise(setImmediate)
})
