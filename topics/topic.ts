/** The topics of the system. A topic's partition count is frozen when it is created: watermarks depend on it. */
export type TopicName =
  | 'account.commands'
  | 'account.events'
  | 'chat.commands'
  | 'chat.events'
  | 'mailbox.events'
  | 'media.commands'
  | 'media.events'
  | 'dead-letters'
  | 'audit'

export interface TopicDefinition {
  readonly name: TopicName
  readonly partitions: number
  /** Commands are kept for days, events for ever. */
  readonly retention: 'forever' | { readonly days: number }
}

export const COMMAND_RETENTION_DAYS = 7

/** All topics with the same partition count, but for dead letters and what operators have done, which need no spread. */
export function topicDefinitions(partitions: number): TopicDefinition[] {
  const days = { days: COMMAND_RETENTION_DAYS }
  return [
    { name: 'account.commands', partitions, retention: days },
    { name: 'account.events', partitions, retention: 'forever' },
    { name: 'chat.commands', partitions, retention: days },
    { name: 'chat.events', partitions, retention: 'forever' },
    { name: 'mailbox.events', partitions, retention: 'forever' },
    { name: 'media.commands', partitions, retention: days },
    { name: 'media.events', partitions, retention: 'forever' },
    { name: 'dead-letters', partitions: 1, retention: 'forever' },
    { name: 'audit', partitions: 1, retention: 'forever' },
  ]
}
