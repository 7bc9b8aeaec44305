/** core.telegram.org/api/config#client-configuration names most of these; clients are told the same. */
export const MAX_TITLE_LENGTH = 64
export const MAX_SHORT_NAME_LENGTH = 64
export const MAX_STICKERS_PER_SET = 120
export const MAX_EMOJI_PER_SET = 200
export const MAX_EMOJI_PER_STICKER = 20
export const MAX_KEYWORDS_LENGTH = 64
export const MAX_INSTALLED_SETS = 200
export const MAX_FAVED = 5
export const MAX_RECENT = 200
export const MAX_GIFS = 200
export const MAX_RINGTONES = 100
export const MAX_SAVED_THEMES = 100
export const MAX_SAVED_WALLPAPERS = 200
export const MAX_FOUND_SETS = 20
export const MAX_LISTED_SETS = 100
/** Documents that are asked for at once. */
export const MAX_ASKED_DOCUMENTS = 200
/** What stickers are read into memory for their checks with; kinds have lower limits of their own. */
export const MAX_STICKER_BYTES = 512 * 1024

export const MAX_RINGTONE_BYTES = 100 * 1024
export const MAX_WALLPAPER_BYTES = 10 * 1024 * 1024
export const MAX_THEME_BYTES = 5 * 1024 * 1024
export const MAX_THEME_SETTINGS = 4
export const MAX_SLUG_LENGTH = 64
