import type { ChatId } from '@heliograph/schemas/avro'
import { chatScope, type Keyring } from '@heliograph/storage'
import { fingerprintsOf, wordKeyOf } from './fingerprints.ts'

/**
 * What a message's words go into the search index as. Called when its body has just been sealed, so that the chat's key is at hand;
 * null where it is not: the message is found by opening it then.
 */
export function wordsFor(keyring: Keyring, chatId: ChatId, text: string): Buffer | null {
  const key = keyring.cached(chatScope(chatId))
  return key === undefined ? null : fingerprintsOf(wordKeyOf(key), text)
}
