import type { PeerId, UserId } from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import { mainTab } from '../account/main-tab.ts'
import { savedMusic } from '../account/music.ts'
import { personalChannel, translationsDisabled } from '../account/page.ts'
import type { CallContext } from '../handler.ts'
import { renderChats } from '../render/chat.ts'
import { renderPeer } from '../render/peer.ts'
import { shownDocuments } from '../stickers/files.ts'

/** What a user has put on its page beside its profile, and what the viewer has set for it. */
export interface OwnPage {
  readonly fields: Partial<Tl<'userFull'>>
  readonly chats: TlType<'Chat'>[]
}

/** The channel, the first song, the tab that is open first, and whether the viewer wants no translations. */
export async function ownPage({ services, user, now }: CallContext, id: UserId): Promise<OwnPage> {
  const [channel, music, untranslated, tab] = await Promise.all([
    personalChannel(services, id),
    savedMusic(services, id),
    translationsDisabled(services, user, id as number as PeerId),
    mainTab(services, id),
  ])
  const peer = channel === undefined ? undefined : renderPeer(channel)
  const [song] = music.length === 0 ? [] : await shownDocuments(services, user, music.slice(0, 1))
  const chats = channel === undefined ? [] : await renderChats(services, user, [channel], now)
  const fields = {
    ...(untranslated && { translationsDisabled: true }),
    ...(peer?._ === 'peerChannel' && { personalChannelId: peer.channelId }),
    ...(tab !== undefined && { mainTab: tab }),
    ...(song !== undefined && { savedMusic: song }),
  }
  return { fields, chats }
}
