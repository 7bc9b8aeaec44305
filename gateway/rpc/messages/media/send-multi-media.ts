import { encodeObject, RpcError, rpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { requireMayWrite } from '../../privacy/ask.ts'
import { type Content, textContent } from '../content.ts'
import { checkSendRequest, contentFlags, send } from '../send/send.ts'
import { composeText, MAX_CAPTION_LENGTH, mentionResolver } from '../text/compose.ts'
import { albumKind } from './edited.ts'
import { fileMedia, isFileInput } from './file-media.ts'

/** core.telegram.org/api/files#albums-grouped-media */
export const MAX_ALBUM_MEDIA = 10
const GROUPED_ID_BYTES = 8

type Call = Parameters<Handler<'messages.sendMultiMedia'>>[0]
interface Prepared {
  readonly randomId: bigint
  readonly content: Content
}

/** `messages.sendMultiMedia`: an album, which is messages with one `grouped_id`. */
export const sendMultiMedia: Handler<'messages.sendMultiMedia'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  checkSendRequest(call)
  await requireMayWrite(context.services, context.user, peerId)
  const { multiMedia } = call
  if (multiMedia.length === 0) throw new RpcError(400, 'MEDIA_EMPTY')
  if (multiMedia.length > MAX_ALBUM_MEDIA) throw new RpcError(400, 'MULTI_MEDIA_TOO_LONG')
  if (new Set(multiMedia.map(({ randomId }) => randomId)).size < multiMedia.length)
    throw rpcError('RANDOM_ID_DUPLICATE')
  const prepared = await prepare(call, context)
  const sent = prepared.map(({ randomId, content }) => {
    return send(context, peerId, { ...call, clearDraft: false, randomId }, content)
  })
  const updates = await Promise.all(sent)
  return together(updates as Tl<'updates'>[])
}

async function prepare(call: Call, context: CallContext): Promise<Prepared[]> {
  const groupedId =
    call.multiMedia.length === 1
      ? null
      : (context.services.random(GROUPED_ID_BYTES) as Buffer).readBigUInt64LE() >> 1n
  const prepared: Prepared[] = []
  const kinds = new Set<string>()
  for (const [index, single] of call.multiMedia.entries()) {
    if (!isFileInput(single.media)) throw new RpcError(400, 'MEDIA_INVALID')
    const media = await fileMedia(context, single.media, index)
    kinds.add(albumKind(media) ?? 'none')
    prepared.push({ randomId: single.randomId, content: contentOf(call, context, single, media, groupedId) })
  }
  if (kinds.size > 1 || (groupedId !== null && kinds.has('none'))) throw new RpcError(400, 'MEDIA_INVALID')
  return prepared
}

function contentOf(
  call: Call,
  context: CallContext,
  single: Tl<'inputSingleMedia'>,
  media: TlType<'MessageMedia'>,
  groupedId: bigint | null,
): Content {
  const resolver = mentionResolver(context)
  const { text, entities } = composeText(single.message, single.entities, resolver, MAX_CAPTION_LENGTH)
  return {
    ...textContent(text, entities),
    flags: contentFlags(call),
    media: Buffer.from(encodeObject(media)),
    groupedId,
  }
}

/** The updates of several messages as one. */
function together(all: readonly Tl<'updates'>[]): Tl<'updates'> {
  const users = new Map(all.flatMap((each) => each.users.map((user) => [user.id, user])))
  const chats = new Map(all.flatMap((each) => each.chats.map((chat) => [chat.id, chat])))
  return {
    ...all[all.length - 1]!,
    updates: all.flatMap((each) => each.updates),
    users: [...users.values()],
    chats: [...chats.values()],
  }
}
