import { expect, it } from 'vitest'
import { CallOrder } from './order.ts'

const later = <T>(value: T, turns: number): Promise<T> =>
  turns === 0 ? Promise.resolve(value) : Promise.resolve().then(() => later(value, turns - 1))

it('acts at once where nothing has to be waited for', () => {
  const acted: number[] = []
  const order = new CallOrder()
  for (const value of [1, 2])
    void order.run(
      'a',
      () => value,
      async (ready) => void acted.push(ready),
    )
  expect(acted).toEqual([1, 2])
})

it('acts in the order of the calls, however long each prepares', async () => {
  const acted: string[] = []
  const order = new CallOrder()
  const run = (key: string, name: string, turns: number) =>
    order.run(
      key,
      () => (turns === 0 ? name : later(name, turns)),
      async (ready) => void acted.push(ready),
    )
  const all = [run('a', 'a1', 5), run('a', 'a2', 0), run('b', 'b1', 0), run('a', 'a3', 1), run('a', 'a4', 3)]
  expect(acted).toEqual(['b1'])
  await Promise.all(all)
  expect(acted.filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2', 'a3', 'a4'])
})

it('does not wait for what an action does later, nor stop at a failure', async () => {
  const order = new CallOrder()
  const acted: string[] = []
  const failing = order.run(
    'a',
    () => later('x', 2).then(() => Promise.reject(new Error('no'))),
    async () => {},
  )
  const endless = order.run(
    'a',
    () => 'first',
    (name) => {
      acted.push(name)
      return new Promise(() => {})
    },
  )
  const last = order.run(
    'a',
    () => 'second',
    async (name) => acted.push(name),
  )
  await expect(failing).rejects.toThrow('no')
  await last
  expect(acted).toEqual(['first', 'second'])
  void endless
})
