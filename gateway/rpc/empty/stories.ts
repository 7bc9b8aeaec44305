import type { PeerId } from '@heliograph/schemas/avro'
import { RpcError, type Tl } from '@heliograph/schemas/tl'
import { empty, type Handlers } from '../handler.ts'
import { inputPeerId } from '../peers.ts'
import { renderPeer } from '../render/peer.ts'

/** Nobody has a story. */
const STATE = '0'
const noStories: Tl<'stories.stories'> = {
  _: 'stories.stories',
  count: 0,
  stories: [],
  chats: [],
  users: [],
}

function peerStories(peerId: PeerId): Tl<'stories.peerStories'> {
  const stories: Tl<'peerStories'> = {
    _: 'peerStories',
    peer: renderPeer(peerId),
    stories: [],
  }
  return { _: 'stories.peerStories', stories, chats: [], users: [] }
}

export const storyHandlers: Handlers = {
  'stories.getAllStories': empty((call) =>
    call.next || call.state === STATE
      ? { _: 'stories.allStoriesNotModified', state: STATE, stealthMode: { _: 'storiesStealthMode' } }
      : {
          _: 'stories.allStories',
          count: 0,
          state: STATE,
          peerStories: [],
          chats: [],
          users: [],
          stealthMode: { _: 'storiesStealthMode' },
        },
  ),
  'stories.getAllReadPeerStories': empty((_, { now }) => ({
    _: 'updates',
    updates: [],
    users: [],
    chats: [],
    date: now,
    seq: 0,
  })),
  'stories.getPeerMaxIDs': empty((call) => call.id.map(() => ({ _: 'recentStory' }))),
  'stories.getPeerStories': empty((call, context) => peerStories(inputPeerId(call.peer, context))),
  'stories.getPinnedStories': empty(() => noStories),
  'stories.getStoriesArchive': empty(() => noStories),
  'stories.getStoriesByID': empty(() => noStories),
  'stories.getAlbums': empty(() => ({ _: 'stories.albums', hash: 0n, albums: [] })),
  'stories.getStoriesViews': empty(() => ({ _: 'stories.storyViews', views: [], users: [] })),
  'stories.getChatsToSend': empty(() => ({ _: 'messages.chats', chats: [] })),
  'stories.canSendStory': empty(() => {
    throw new RpcError(400, 'PREMIUM_ACCOUNT_REQUIRED')
  }),
  'stories.readStories': empty(() => []),
  'stories.incrementStoryViews': empty(() => true),
  'stories.toggleAllStoriesHidden': empty(() => true),
  'stories.togglePeerStoriesHidden': empty(() => true),
}
