import { afterAll, beforeAll, describe } from 'vitest'
import { at, say } from './chats.ts'
import { refuses } from './refuses.ts'
import { NO_MESSAGE, ownScene } from './scene.ts'

const DAY_MS = 24 * 3600 * 1000

const s = ownScene()
let post: number
beforeAll(async () => {
  post = await say(s.alice, s.alice.channelPeer(s.news))
})

const NO_CHANNEL = { _: 'inputChannelEmpty' } as const
/** A channel whose access hash is that of another. */
const wrong = () => ({ channel: { ...s.alice.channel(s.news), channelId: s.town } })

describe('statistics', () => {
  refuses('stats.getBroadcastStats', () => ({
    BROADCAST_REQUIRED: [s.alice, at(s.alice, s.town)],
    CHANNEL_INVALID: [s.alice, wrong()],
    CHANNEL_PRIVATE: [s.erin, at(s.erin, s.news)],
  }))
  refuses('stats.getMegagroupStats', () => ({
    CHANNEL_INVALID: [s.alice, wrong()],
    MEGAGROUP_REQUIRED: [s.alice, at(s.alice, s.news)],
  }))
  refuses('stats.getMessageStats', () => ({
    CHANNEL_INVALID: [s.alice, { channel: NO_CHANNEL, msgId: post }],
    CHAT_ADMIN_REQUIRED: [s.bob, { ...at(s.bob, s.news), msgId: post }],
    MESSAGE_ID_INVALID: [s.alice, { ...at(s.alice, s.news), msgId: NO_MESSAGE }],
  }))
  refuses('stats.getMessagePublicForwards', () => {
    const page = { msgId: post, offset: '', limit: 10 } as const
    return {
      CHANNEL_INVALID: [s.alice, { channel: NO_CHANNEL, ...page }],
      CHAT_ADMIN_REQUIRED: [s.bob, { ...at(s.bob, s.news), ...page }],
      MESSAGE_ID_INVALID: [s.alice, { ...at(s.alice, s.news), ...page, msgId: NO_MESSAGE }],
    }
  })
})

describe('a chart that is looked into', () => {
  const shown = async () => {
    const { growthGraph } = await s.alice.call('stats.getBroadcastStats', at(s.alice, s.news))
    if (growthGraph._ !== 'statsGraph' || growthGraph.zoomToken === undefined) throw new Error('no token')
    return { token: growthGraph.zoomToken, x: BigInt(Date.now()) }
  }
  afterAll(() => {
    s.world.aheadMs = 0
  })
  refuses('stats.loadAsyncGraph', async () => {
    const chart = await shown()
    return {
      GRAPH_INVALID_RELOAD: [s.alice, { ...chart, token: 'none' }],
      GRAPH_OUTDATED_RELOAD: [s.alice, { ...chart, x: BigInt(DAY_MS) }],
      GRAPH_EXPIRED_RELOAD: () => {
        s.world.aheadMs = DAY_MS + 2_000
        return [s.alice, chart]
      },
    }
  })
})
