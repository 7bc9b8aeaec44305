import { EventEmitter } from 'node:events'
import type { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { ClusterSubscriber } from './cluster-subscriber.ts'
import { SLOTS, slotOf } from './slot.ts'

/** A node that confirms every subscription, unless it is away. */
class Node extends EventEmitter {
  readonly channels = new Set<string>()
  status = 'ready'

  async ssubscribe(channel: string): Promise<void> {
    this.channels.add(channel)
  }

  async sunsubscribe(channel: string): Promise<void> {
    this.channels.delete(channel)
  }

  disconnect(): void {
    this.status = 'end'
    this.channels.clear()
  }

  tell(channel: string): void {
    if (this.channels.has(channel)) this.emit('smessageBuffer', Buffer.from(channel), Buffer.from('x'))
  }
}

/** Two nodes that have half of the slots each. */
function setUp() {
  const nodes = new Map<string, Node>()
  const half = (node: string) => Array.from({ length: SLOTS / 2 }, () => [node, 'replica:1'])
  const map = Object.assign(new EventEmitter(), { slots: [...half('one:1'), ...half('two:2')] })
  const heard: string[] = []
  const open = (name: string) => {
    const node = new Node()
    nodes.set(name, node)
    return node as unknown as Redis
  }
  const subscriber = new ClusterSubscriber(map, open, (channel) => void heard.push(channel))
  const move = (channel: string, to: string[]) => {
    map.slots[slotOf(channel)] = to
    map.emit('refresh')
  }
  return { subscriber, nodes, map, heard, move }
}
const turn = () => new Promise(setImmediate)
// Of the lower half of the slots, and of the upper one.
const [LOW, HIGH] = ['user:2', 'user:1']

describe('ClusterSubscriber', () => {
  it('listens to each channel at the node that has its slot', async () => {
    const { subscriber, nodes, heard } = setUp()
    expect([slotOf(LOW) < SLOTS / 2, slotOf(HIGH) < SLOTS / 2]).toEqual([true, false])
    await Promise.all([subscriber.want(LOW), subscriber.want(HIGH)])
    expect([...nodes.get('one:1')!.channels]).toEqual([LOW])
    expect([...nodes.get('two:2')!.channels]).toEqual([HIGH])
    nodes.get('two:2')!.tell(HIGH)
    expect(heard).toEqual([HIGH])
    subscriber.close()
  })

  it('follows a slot that moves, and leaves the others where they are', async () => {
    const { subscriber, nodes, move } = setUp()
    await Promise.all([subscriber.want(LOW), subscriber.want(HIGH)])
    move(HIGH, ['one:1'])
    await turn()
    expect([...nodes.get('one:1')!.channels]).toEqual([LOW, HIGH])
    expect([...nodes.get('two:2')!.channels]).toEqual([])
    expect(nodes.get('two:2')!.status).toBe('ready')
    subscriber.close()
  })

  it('closes the connection to a node that has no slots any more', async () => {
    const { subscriber, nodes, map } = setUp()
    await subscriber.want(HIGH)
    map.slots = map.slots.map(([node]) => [node === 'two:2' ? 'three:3' : node!])
    map.emit('refresh')
    await turn()
    expect(nodes.get('two:2')!.status).toBe('end')
    expect([...nodes.get('three:3')!.channels]).toEqual([HIGH])
    subscriber.close()
  })

  it('waits for somebody to have a slot that nobody has', async () => {
    const { subscriber, nodes, move } = setUp()
    move(HIGH, [])
    await subscriber.want(HIGH)
    move(HIGH, ['one:1'])
    await turn()
    expect([...nodes.get('one:1')!.channels]).toEqual([HIGH])
    subscriber.close()
  })

  it('forgets what is not wanted any more, wherever its slot goes', async () => {
    const { subscriber, nodes, move } = setUp()
    await subscriber.want(HIGH)
    subscriber.unwant(HIGH)
    await turn()
    expect([...nodes.get('two:2')!.channels]).toEqual([])
    move(HIGH, ['one:1'])
    await turn()
    expect(nodes.has('one:1')).toBe(false)
    subscriber.close()
  })
})
