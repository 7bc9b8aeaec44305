import type { PeerId, UserId } from '@heliograph/schemas/avro'

/** The album of the one picture that a user has given a contact, for its own eyes. */
export const personalAlbum = (user: UserId, contact: UserId | PeerId): string => `personal:${user}:${contact}`
