import { encodeResult, LAYERS, type MethodName, methodFacts, RpcError } from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import type { CallContext } from './handler.ts'
import { answeredBySession, handlerGroups, handlers } from './registry.ts'
import { testCaller, testRig } from './test-rig.ts'

/** Serves every method that looks at a few of its arguments only. */
const ARGUMENTS = {
  hash: 0n,
  peer: { _: 'inputPeerSelf' },
  channel: { _: 'inputChannelEmpty' },
  userId: { _: 'inputUserSelf' },
  id: [],
  msgId: [1],
  keys: ['a'],
  langCode: 'en',
  fromVersion: 0,
  stickerset: { _: 'inputStickerSetAnimatedEmoji' },
}

describe('the registry', () => {
  it('has every method once', () => {
    const names = handlerGroups.flatMap((group) => Object.keys(group))
    expect(new Set(names).size).toBe(names.length)
  })

  it('has none that the session layer answers', () => {
    for (const name of answeredBySession) expect(handlers[name], name).toBeUndefined()
  })

  it('names methods of the schema only, which users may call', () => {
    const facts = methodFacts()
    for (const name of Object.keys(handlers)) expect(facts[name], name).toBeDefined()
  })

  it.each([
    ['user', { _: 'inputPeerSelf' }, { _: 'peerUser', userId: 5 }],
    ['basic group', { _: 'inputPeerChat', chatId: 7 }, { _: 'peerChat', chatId: 7 }],
  ] as const)('names the %s that has no stories as what it is', async (_, peer, named) => {
    const rig = await testRig()
    const context = { services: rig.services, caller: testCaller(5), user: 5, now: 1_800_000_000 } as never
    const { handler } = handlers['stories.getPeerStories']!
    const answer = await handler({ _: 'stories.getPeerStories', peer } as never, context)
    expect(answer).toMatchObject({ stories: { peer: named, stories: [] } })
  })

  it('answers what is empty so that it can be written for every layer', async () => {
    const rig = await testRig()
    const context = { services: rig.services, caller: testCaller(5), user: 5, now: 1_800_000_000 } as never
    const names = Object.keys(handlers) as MethodName[]
    const refused: string[] = []
    for (const name of names.filter((method) => handlers[method]?.status === 'empty')) {
      const call = { _: name, ...ARGUMENTS } as never
      try {
        const result = await (handlers[name]!.handler as (call: never, context: CallContext) => unknown)(
          call,
          context,
        )
        for (const layer of LAYERS) expectWritable(name, result, layer)
      } catch (error) {
        if (!(error instanceof RpcError)) throw new Error(`${name}: ${error}`)
        refused.push(`${name} ${error.code} ${error.errorMessage}`)
      }
    }
    expect(refused.filter((refusal) => / 5\d\d /.test(refusal))).toEqual([])
  })
})

/** A layer that lacks the answer's type altogether lacks the method too, so no client of it asks. */
function expectWritable(name: MethodName, result: unknown, layer: number): void {
  try {
    expect(encodeResult(name, result, layer).length, name).toBeGreaterThan(0)
  } catch (error) {
    if (!/has no value of type/.test(String(error))) throw error
  }
}
