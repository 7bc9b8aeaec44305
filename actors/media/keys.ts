/** Key of a content's records. */
export const contentKey = (name: string): string => `file:${name}`
/** Key of a document's records. */
export const documentKey = (documentId: bigint): string => `document:${documentId}`
/** Key of an album's records. */
export const albumKey = (owner: string): string => `album:${owner}`

/** A content's blob, and how rows name it. */
export const blobName = (name: string, generation: number): string => `${name}.${generation}`

/** As `blobName` wrote it. */
export function parsedBlobName(blob: string): { readonly name: string; readonly generation: number } {
  const dot = blob.lastIndexOf('.')
  return { name: blob.slice(0, dot), generation: Number(blob.slice(dot + 1)) }
}
