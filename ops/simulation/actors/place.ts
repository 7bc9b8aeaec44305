import { authKeyKey, phoneKey, type UserId, userKey, usernameKey } from '@heliograph/schemas/avro'
import type { TopicName } from '@heliograph/topics'
import { isLibraryCommand, libraryKey } from './library-workload.ts'
import type { Command } from './scripted.ts'

/** Where a gateway appends a command. */
export function placeOf(command: Command): { readonly topic: TopicName; readonly key: string } {
  const topic = 'account.commands'
  if (isLibraryCommand(command)) return { topic: 'media.commands', key: libraryKey(command) }
  if ('chatId' in command && command.type !== 'MarkChannel')
    return { topic: 'chat.commands', key: command.chatId }
  if ('phoneHmac' in command && command.type === 'ReservePhone')
    return { topic, key: phoneKey(command.phoneHmac) }
  if (command.type === 'ClaimUsername' || command.type === 'ReleaseUsername') {
    return { topic, key: usernameKey(command.username) }
  }
  if ('authKeyId' in command) return { topic, key: authKeyKey(command.authKeyId) }
  return { topic, key: userKey(command.userId as UserId) }
}
