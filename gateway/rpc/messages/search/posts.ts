import { peerIdOfChat } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import { listPublicChats } from '../../public-chats/public-chats.ts'
import { tokensOf } from '../../search-index/tokens.ts'
import type { ChannelMailbox } from '../mailbox/open.ts'
import { mayRead } from '../mailbox/open.ts'
import { type Searched, searchEverywhere, searchedChannels } from './global.ts'
import { type Query, queryOf } from './query.ts'

/** Public channels that one search goes through, those with most members. */
export const MAX_SEARCHED_CHANNELS = 300
/** What clients are told that they may do in a day; nothing is ever charged. */
const FREE_SEARCHES = 1_000
const HASHTAG = /^[#$]?([\p{L}\p{N}_\p{M}]+)$/u

type PostsCall = Parameters<Handler<'channels.searchPosts'>>[0]

/**
 * `channels.searchPosts`: posts of public channels with a hashtag, or with words, newest first. Words of each channel are told by
 * the fingerprints that stand beside its posts: there is no index over channels that could be read without their keys.
 */
export const searchPosts: Handler<'channels.searchPosts'> = async (call, context) => {
  const query = postsQuery(context, call)
  return searchEverywhere(context, query, call, await publicChannels(context))
}

/** @throws RpcError 400 SEARCH_QUERY_EMPTY, HASHTAG_INVALID */
function postsQuery(context: CallContext, { hashtag, query }: PostsCall): Query {
  const filter = { _: 'inputMessagesFilterEmpty' } as const
  if (hashtag === undefined || hashtag === '') {
    const asked = queryOf(context, { q: query ?? '', filter })
    if (asked.words.length === 0) throw new RpcError(400, 'SEARCH_QUERY_EMPTY')
    return asked
  }
  const tag = HASHTAG.exec(hashtag)?.[1]
  if (tag === undefined || tokensOf(tag).length === 0) throw new RpcError(400, 'HASHTAG_INVALID')
  const sign = hashtag.startsWith('$') ? '$' : '#'
  return queryOf(context, { q: sign + tag, filter })
}

/** Those that the caller may read. */
async function publicChannels(context: CallContext): Promise<Searched[]> {
  const all = await listPublicChats(context.services)
  const channels = all.filter(({ kind }) => kind === 'broadcast').slice(0, MAX_SEARCHED_CHANNELS)
  const searched = await searchedChannels(
    context,
    channels.map(({ chatId }) => peerIdOfChat(chatId)),
  )
  return searched.filter(({ mailbox }) => {
    const channel = mailbox as ChannelMailbox
    return channel.facts.username !== undefined && mayRead(channel, context.now)
  })
}

/** `channels.checkSearchPostsFlood`: every search is free. */
export const checkSearchPostsFlood: Handler<'channels.checkSearchPostsFlood'> = () => ({
  _: 'searchPostsFlood',
  queryIsFree: true,
  totalDaily: FREE_SEARCHES,
  remains: FREE_SEARCHES,
  starsAmount: 0n,
})
