import type { TableDeclaration } from '../table.ts'

/** How a private chat looks: its theme (user 0: for both), the wallpaper of each. `value` is sealed; null where it was taken away. */
export const chatLooks = {
  name: 'chat_looks',
  columns: { chatId: 'text', look: 'text', userId: 'bigint', value: 'blob', byUserId: 'bigint', date: 'int' },
  partitionKey: ['chatId'],
  clusteringKey: ['look', 'userId'],
} as const satisfies TableDeclaration
