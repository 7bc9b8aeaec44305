import type { Tl, TlType } from '@heliograph/schemas/tl'
import type { Handler } from '../handler.ts'
import { filtersOf } from './filters.ts'

type Flag = 'nonContacts' | 'groups' | 'broadcasts' | 'contacts' | 'excludeRead'

const plain = (id: number, title: string, emoticon: string, ...flags: Flag[]): Tl<'dialogFilter'> => ({
  _: 'dialogFilter',
  id,
  title: { _: 'textWithEntities', text: title, entities: [] },
  emoticon,
  pinnedPeers: [],
  includePeers: [],
  excludePeers: [],
  ...Object.fromEntries(flags.map((flag) => [flag, true])),
})

const SUGGESTED: readonly TlType<'DialogFilterSuggested'>[] = [
  {
    _: 'dialogFilterSuggested',
    filter: plain(0, 'Unread', '✅', 'contacts', 'nonContacts', 'groups', 'broadcasts', 'excludeRead'),
    description: 'New messages from all chats.',
  },
  {
    _: 'dialogFilterSuggested',
    filter: plain(0, 'Personal', '👤', 'contacts', 'nonContacts'),
    description: 'Only messages from personal chats.',
  },
]

/** Folders that many find useful, but for those of which the caller has one by that name. */
export const getSuggestedDialogFilters: Handler<'messages.getSuggestedDialogFilters'> = async (
  _,
  { services, user },
) => {
  const titles = new Set((await filtersOf(services, user)).map(({ title }) => title.text))
  return SUGGESTED.filter(({ filter }) => 'title' in filter && !titles.has(filter.title.text))
}
