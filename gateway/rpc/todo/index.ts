import type { PeerId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { type CallContext, type Handler, type Handlers, works } from '../handler.ts'
import { type Amended, amend, amendedUpdates, type Change } from '../messages/change/amend.ts'
import { locateOneIn } from '../messages/mailbox/locate.ts'
import { openMailbox } from '../messages/mailbox/open.ts'
import { inputPeerId } from '../peers.ts'
import { checkedItems, listIn, ticked, withList } from './list.ts'

const finder = (context: CallContext, peerId: PeerId, msgId: number) => async () =>
  locateOneIn(await openMailbox(context, peerId), msgId)

/** `messages.toggleTodoCompleted`: tasks are done, or not done after all; a message tells of it (core.telegram.org/api/todo). */
const toggleTodoCompleted: Handler<'messages.toggleTodoCompleted'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  const by = context.user as number as PeerId
  const change: Change = (content) => {
    const after = ticked(listIn(content), call, by, context.now)
    if (after === undefined) return undefined
    const { completed, incompleted } = after
    const action = { _: 'messageActionTodoCompletions', completed, incompleted } as const
    return { content: withList(content, after.media), action }
  }
  return told(
    context,
    peerId,
    await amend(context, peerId, finder(context, peerId, call.msgId), 'todo-complete', change),
  )
}

/** `messages.appendTodoList`: more tasks; a message tells of them. */
const appendTodoList: Handler<'messages.appendTodoList'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  if (call.list.length === 0) throw new RpcError(400, 'TODO_NOT_MODIFIED')
  const change: Change = (content) => {
    const media = listIn(content)
    const list = checkedItems(context, call.list, media.todo.list)
    const todo = { ...media.todo, list: [...media.todo.list, ...list] }
    return {
      content: withList(content, { ...media, todo }),
      action: { _: 'messageActionTodoAppendTasks', list },
    }
  }
  return told(
    context,
    peerId,
    await amend(context, peerId, finder(context, peerId, call.msgId), 'todo-append', change),
  )
}

function told(
  context: CallContext,
  peerId: PeerId,
  amended: Amended | undefined,
): Promise<TlType<'Updates'>> {
  if (amended === undefined) throw new RpcError(400, 'TODO_NOT_MODIFIED')
  return amendedUpdates(context, peerId, amended)
}

/** Of `messages`: lists of tasks. */
export const todoHandlers: Handlers = {
  'messages.toggleTodoCompleted': works(toggleTodoCompleted, 'send'),
  'messages.appendTodoList': works(appendTodoList, 'send'),
}
