import { afterAll, beforeAll, describe, it } from 'vitest'
import { refuses } from './refuses.ts'
import { NO_CHANNEL, NO_GROUP, NOBODY, type Scene, startScene } from './scene.ts'

const PAGE = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: 0n } as const

describe('reading', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await startScene()
  })
  afterAll(() => scene.world.stop())

  it('messages.getHistory', () => {
    const { alice, carol, town } = scene
    return refuses('messages.getHistory', {
      CHANNEL_INVALID: [alice, { ...PAGE, peer: NO_CHANNEL }],
      CHANNEL_PRIVATE: [carol, { ...PAGE, peer: carol.channelPeer(town) }],
      CHAT_ID_INVALID: [alice, { ...PAGE, peer: NO_GROUP }],
      PEER_ID_INVALID: [alice, { ...PAGE, peer: NOBODY }],
    })
  })
})
