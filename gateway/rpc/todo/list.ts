import type { PeerId } from '@heliograph/schemas/avro'
import { decodeObject, encodeObject, RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import type { Content } from '../messages/content.ts'
import { composeText, mentionResolver } from '../messages/text/compose.ts'
import { renderEntities } from '../render/message-entity.ts'
import { renderPeer } from '../render/peer.ts'

/** core.telegram.org/api/config: todo_items_max, todo_title_length_max, todo_item_length_max */
export const MAX_ITEMS = 30
const MAX_TITLE_LENGTH = 32
const MAX_ITEM_LENGTH = 64

type Text = TlType<'TextWithEntities'>
type Item = TlType<'TodoItem'>
export type TodoMedia = Tl<'messageMediaToDo'>

/** A new list; 400 TODO_ITEMS_EMPTY, TODO_ITEM_DUPLICATE, MEDIA_INVALID. */
export function todoMedia(context: CallContext, { todo }: Tl<'inputMediaTodo'>): TodoMedia {
  const title = checkedText(context, todo.title, MAX_TITLE_LENGTH)
  if (title.text === '') throw new RpcError(400, 'MEDIA_INVALID')
  return { _: 'messageMediaToDo', todo: { ...todo, title, list: checkedItems(context, todo.list, []) } }
}

/** New tasks of a list; 400 TODO_ITEMS_EMPTY, TODO_ITEM_DUPLICATE, MEDIA_INVALID. */
export function checkedItems(context: CallContext, given: readonly Item[], before: readonly Item[]): Item[] {
  if (given.length === 0) throw new RpcError(400, 'TODO_ITEMS_EMPTY')
  if (before.length + given.length > MAX_ITEMS) throw new RpcError(400, 'MEDIA_INVALID')
  const ids = new Set(before.map(({ id }) => id))
  return given.map((item) => {
    if (ids.has(item.id)) throw new RpcError(400, 'TODO_ITEM_DUPLICATE')
    ids.add(item.id)
    const title = checkedText(context, item.title, MAX_ITEM_LENGTH)
    if (item.id <= 0 || title.text === '') throw new RpcError(400, 'MEDIA_INVALID')
    return { _: 'todoItem', id: item.id, title }
  })
}

function checkedText(context: CallContext, given: Text, maxLength: number): Text {
  const { text, entities } = composeText(given.text, given.entities, mentionResolver(context), maxLength)
  return { _: 'textWithEntities', text, entities: renderEntities(entities) }
}

/** The list in a message; 400 MESSAGE_ID_INVALID where there is none. */
export function listIn({ media }: Content): TodoMedia {
  const value = media === null ? undefined : (decodeObject(media) as TlType<'MessageMedia'>)
  if (value?._ !== 'messageMediaToDo') throw new RpcError(400, 'MESSAGE_ID_INVALID')
  return value
}

export const withList = (content: Content, media: TodoMedia): Content => ({
  ...content,
  media: Buffer.from(encodeObject(media)),
})

/** Which tasks are done from now on; undefined where nothing changes. */
export function ticked(
  media: TodoMedia,
  {
    completed,
    incompleted,
  }: { readonly completed: readonly number[]; readonly incompleted: readonly number[] },
  by: PeerId,
  date: number,
): { readonly media: TodoMedia; readonly completed: number[]; readonly incompleted: number[] } | undefined {
  const known = new Set(media.todo.list.map(({ id }) => id))
  const before = media.completions ?? []
  const done = new Set(before.map(({ id }) => id))
  const added = [...new Set(completed)].filter((id) => known.has(id) && !done.has(id))
  const removed = [...new Set(incompleted)].filter((id) => done.has(id) && !completed.includes(id))
  if (added.length === 0 && removed.length === 0) return undefined
  const completions = [
    ...before.filter(({ id }) => !removed.includes(id)),
    ...added.map(
      (id): TlType<'TodoCompletion'> => ({ _: 'todoCompletion', id, completedBy: renderPeer(by), date }),
    ),
  ]
  return { media: { ...media, completions }, completed: added, incompleted: removed }
}

/** What an edit makes of a list: what was done of it stays so. */
export function editedList(context: CallContext, input: Tl<'inputMediaTodo'>, before: TodoMedia): TodoMedia {
  const media = todoMedia(context, input)
  const ids = new Set(media.todo.list.map(({ id }) => id))
  const completions = before.completions?.filter(({ id }) => ids.has(id))
  return { ...media, ...(completions && { completions }) }
}
