import { type Handlers, works } from '../handler.ts'
import * as change from './change.ts'
import { getForumTopics, getForumTopicsById } from './list.ts'

/** Topics of forums. */
export const topicsHandlers: Handlers = {
  'messages.getForumTopics': works(getForumTopics),
  'messages.getForumTopicsByID': works(getForumTopicsById),
  'messages.createForumTopic': works(change.createForumTopic, 'send'),
  'messages.editForumTopic': works(change.editForumTopic, 'send'),
  'messages.updatePinnedForumTopic': works(change.updatePinnedForumTopic),
  'messages.reorderPinnedForumTopics': works(change.reorderPinnedForumTopics),
  'messages.deleteTopicHistory': works(change.deleteTopicHistory),
}
