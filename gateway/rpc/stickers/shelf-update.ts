import type { ShelfName, UserId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import type { ShowServices } from './files.ts'
import { shelfItems } from './shelf.ts'

const PREFIX = 'shelf:'
const ORDER = ':order'

type Kind = { readonly masks?: true; readonly emojis?: true }
const KINDS: Readonly<Partial<Record<ShelfName, Kind>>> = {
  stickers: {},
  masks: { masks: true },
  emoji: { emojis: true },
}

export const isShelfSetting = (name: string): boolean => name.startsWith(PREFIX)

/** What a user's other sessions are told of a shelf, by the name of the setting that changed; undefined where clients ask by themselves. */
export async function shelfUpdate(
  services: Pick<ShowServices, 'tables'>,
  userId: UserId,
  setting: string,
): Promise<TlType<'Update'> | undefined> {
  const isOrder = setting.endsWith(ORDER)
  const shelf = setting.slice(PREFIX.length, isOrder ? -ORDER.length : undefined) as ShelfName
  const kind = KINDS[shelf]
  if (kind !== undefined && !isOrder) return { _: 'updateStickerSets', ...kind }
  if (kind !== undefined) {
    const items = await shelfItems(services, userId, shelf)
    const order = items.filter(({ archived }) => !archived).map(({ itemId }) => itemId)
    return { _: 'updateStickerSetsOrder', ...kind, order }
  }
  switch (shelf) {
    case 'gifs':
      return { _: 'updateSavedGifs' }
    case 'faved':
      return { _: 'updateFavedStickers' }
    case 'recent':
    case 'recent-attached':
      return { _: 'updateRecentStickers' }
    case 'ringtones':
      return { _: 'updateSavedRingtones' }
    default:
      return undefined
  }
}
