import { type MethodName, RpcError } from '@heliograph/schemas/tl'
import { empty, type Handler, type Handlers } from '../handler.ts'

/** The caller is in no channel and no channel exists. */
function noChannel<M extends MethodName>(): Handler<M> {
  return () => {
    throw new RpcError(400, 'CHANNEL_INVALID')
  }
}

export const channelHandlers: Handlers = {
  'channels.getAdminedPublicChannels': empty(() => ({ _: 'messages.chats', chats: [] })),
  // Clients ask for channels that they know from elsewhere, with hash 0; an error would make them ask again.
  'channels.getChannels': empty(() => ({ _: 'messages.chats', chats: [] })),
  'channels.getLeftChannels': empty(() => ({ _: 'messages.chats', chats: [] })),
  'channels.getGroupsForDiscussion': empty(() => ({ _: 'messages.chats', chats: [] })),
  'channels.getChannelRecommendations': empty(() => ({ _: 'messages.chats', chats: [] })),
  'channels.getInactiveChannels': empty(() => ({
    _: 'messages.inactiveChats',
    dates: [],
    chats: [],
    users: [],
  })),
  'channels.getSendAs': empty(() => ({ _: 'channels.sendAsPeers', peers: [], chats: [], users: [] })),
  'channels.getFullChannel': empty(noChannel()),
  'channels.getParticipants': empty(noChannel()),
  'channels.getParticipant': empty(noChannel()),
  'channels.joinChannel': empty(noChannel()),
  'channels.leaveChannel': empty(noChannel()),
}
