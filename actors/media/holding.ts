import type { ChatId, HoldDocument, MessageSeq, ReleaseDocument } from '@heliograph/schemas/avro'
import type { Consequence } from '../runtime/decider.ts'
import { documentKey } from './keys.ts'

/** How a message stands among the holders of a document. */
export const messageHolder = (chatId: ChatId, seq: MessageSeq): string => `message:${chatId}:${seq}`

/** How a group or channel stands among the holders of its photo; readers of `document_holders` know it too. */
export const chatHolder = (chatId: ChatId): string => `chat:${chatId}`

/** Tells the media actor that `holder` refers to these documents from now on. For reactions of any decider. */
export function holdDocuments(documentIds: readonly bigint[], holder: string): Consequence[] {
  return documentIds.map((documentId) => toDocument({ type: 'HoldDocument', documentId, holder }))
}

/** Tells the media actor that `holder` refers to these documents no more. */
export function releaseDocuments(documentIds: readonly bigint[], holder: string): Consequence[] {
  return documentIds.map((documentId) => toDocument({ type: 'ReleaseDocument', documentId, holder }))
}

function toDocument(record: HoldDocument | ReleaseDocument): Consequence {
  return { kind: 'record', topic: 'media.commands', key: documentKey(record.documentId), record, reply: null }
}
