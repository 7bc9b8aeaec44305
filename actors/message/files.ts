import type {
  DeletedMessage,
  MessageEdited,
  MessageExtra,
  MessageSent,
  MessagesDeleted,
} from '@heliograph/schemas/avro'
import { messages } from '@heliograph/storage'
import { holdDocuments, messageHolder, releaseDocuments } from '../media/holding.ts'
import type { Consequence, Rows } from '../runtime/decider.ts'

/** The column `files` of a message; null for none. */
export const filesColumn = (extra: MessageExtra | null): string[] | null =>
  extra === null || extra.files.length === 0 ? null : extra.files.map(String)

/** What the column says. */
export const idsOf = (column: readonly string[] | null | undefined): bigint[] => (column ?? []).map(BigInt)

/** A message keeps the photos and documents that it refers to. */
export function holdFiles({ chatId, seq, extra }: MessageSent | MessageEdited): Consequence[] {
  return holdDocuments(extra?.files ?? [], messageHolder(chatId, seq))
}

/** An edited message keeps those no more that it does not refer to any more. */
export function releaseFiles({ chatId, seq, lostFiles }: MessageEdited): Consequence[] {
  return releaseDocuments(lostFiles ?? [], messageHolder(chatId, seq))
}

type DeletedFiles = NonNullable<MessagesDeleted['files']>

/** The photos and documents of messages that nobody keeps, as far as `keptMessageRefs` has been loaded. */
export function filesOfDeleted(rows: Rows, chatId: string, gone: readonly DeletedMessage[]): DeletedFiles {
  return gone.flatMap(({ seq, keptBy }) => {
    if (keptBy.length > 0) return []
    const ids = idsOf(rows.get(messages, { chatId, seq })?.files)
    return ids.map((documentId) => ({ seq, documentId }))
  })
}

export function releaseDeletedFiles({ chatId, files = [] }: MessagesDeleted): Consequence[] {
  return files.flatMap(({ seq, documentId }) => releaseDocuments([documentId], messageHolder(chatId, seq)))
}
