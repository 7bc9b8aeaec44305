import type { MessageEdited, MessageSent } from '@heliograph/schemas/avro'
import { type AnyRow, type Mutation, messages } from '@heliograph/storage'
import { filesColumn } from './files.ts'

/** The row of a message, whole. */
export function messageRow(event: MessageSent | MessageEdited, editDate: number): Mutation {
  const { chatId, seq, senderId, date, randomId, sealed, replyToSeq, silent, members, extra, words } = event
  const row = { chatId, seq, senderId, randomId, date, editDate, silent, replyToSeq, members, sealed, words }
  const plain = extra === null && event.expiresAt === 0 && (event.mentioned ?? []).length === 0
  return { kind: 'upsert', table: messages, row: plain ? row : { ...row, ...factsOf(event) } }
}

function factsOf({ extra, mentioned = [], expiresAt }: MessageSent | MessageEdited): AnyRow {
  if (extra === null) return { mentions: mentioned, expiresAt }
  const { kinds, threadSeq, postAs, groupedId, copyOf, service } = extra
  return {
    mentions: mentioned,
    kinds,
    files: filesColumn(extra),
    threadSeq,
    postAs,
    groupedId,
    copyOfChatId: copyOf?.chatId ?? null,
    copyOfSeq: copyOf?.seq ?? null,
    sealedThere: copyOf?.sealedThere ?? null,
    service,
    expiresAt,
  }
}
