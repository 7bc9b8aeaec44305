/**
 * Rights as bit sets, numbered like the flags of `chatAdminRights` and `chatBannedRights` in the protocol's schema, under the
 * names that they have there.
 */

export const ADMIN_RIGHTS = {
  changeInfo: 1 << 0,
  postMessages: 1 << 1,
  editMessages: 1 << 2,
  deleteMessages: 1 << 3,
  banUsers: 1 << 4,
  inviteUsers: 1 << 5,
  pinMessages: 1 << 7,
  addAdmins: 1 << 9,
  anonymous: 1 << 10,
  manageCall: 1 << 11,
  other: 1 << 12,
  manageTopics: 1 << 13,
  postStories: 1 << 14,
  editStories: 1 << 15,
  deleteStories: 1 << 16,
  manageDirectMessages: 1 << 17,
  manageRanks: 1 << 18,
} as const
export type AdminRight = keyof typeof ADMIN_RIGHTS

/** What a creator has: everything but anonymity, which it chooses. */
export const CREATOR_RIGHTS =
  Object.values(ADMIN_RIGHTS).reduce((all, bit) => all | bit, 0) & ~ADMIN_RIGHTS.anonymous

export const BANNED_RIGHTS = {
  viewMessages: 1 << 0,
  sendMessages: 1 << 1,
  sendMedia: 1 << 2,
  sendStickers: 1 << 3,
  sendGifs: 1 << 4,
  sendGames: 1 << 5,
  sendInline: 1 << 6,
  embedLinks: 1 << 7,
  sendPolls: 1 << 8,
  changeInfo: 1 << 10,
  inviteUsers: 1 << 15,
  pinMessages: 1 << 17,
  manageTopics: 1 << 18,
  sendPhotos: 1 << 19,
  sendVideos: 1 << 20,
  sendRoundvideos: 1 << 21,
  sendAudios: 1 << 22,
  sendVoices: 1 << 23,
  sendDocs: 1 << 24,
  sendPlain: 1 << 25,
  editRank: 1 << 26,
  sendReactions: 1 << 27,
} as const
export type BannedRight = keyof typeof BANNED_RIGHTS

export const hasRight = (rights: number, bit: number): boolean => (rights & bit) !== 0
