/** Limits of what uploads are turned into; each piece of work has all of them. */

const KIB = 1024
const MIB = 1024 * KIB

/** A photo as uploaded (core.telegram.org/api/files). */
export const MAX_PHOTO_BYTES = 10 * MIB
/** Width and height together, and the proportion of one to the other (core.telegram.org/bots/api#sendphoto). */
export const MAX_PHOTO_SIDES_PX = 10_000
export const MAX_PHOTO_PROPORTION = 20
/** Of images that are thumbs, stickers and the like: 25 million pixels are 75 MB decoded. */
export const MAX_IMAGE_PIXELS = (MAX_PHOTO_SIDES_PX / 2) ** 2
export const IMAGE_TIMEOUT_SECONDS = 10

/** Images at work at once, and those that wait; more are told to come again. */
export const IMAGE_CONCURRENCY = 2
export const IMAGE_QUEUE = 64
/** One picture in its process, by the clock; and how long such a process may take to start. */
export const PICTURE_TIMEOUT_MS = 20_000
export const PICTURE_START_MS = 30_000
/** Private memory of such a process: 25 million pixels of 8 bytes, twice, and what Node takes. V8's part of it. */
export const PICTURE_MAX_MEMORY_BYTES = 640 * MIB
export const PICTURE_HEAP_MIB = 64
/** It is replaced after so many orders, before it comes near its processor time; and ended after so long without one. */
export const ORDERS_PER_PICTURE_PROCESS = 500
export const PICTURE_PROCESS_CPU_SECONDS = 3600
export const PICTURE_IDLE_MS = 60_000
/** ffmpeg and ffprobe at work at once, and what waits for them. */
export const FFMPEG_CONCURRENCY = 1
export const FFMPEG_QUEUE = 16
/** How long those are told to wait for whom there is no room. */
export const QUEUE_FULL_SECONDS = 5

export const PROBE_TIMEOUT_MS = 20_000
export const FFMPEG_TIMEOUT_MS = 30_000
/** Processor time of one ffmpeg, in seconds, also where the clock's time is not over. */
export const FFMPEG_CPU_SECONDS = 30
/** Largest single allocation, and all memory of one ffmpeg together. */
export const FFMPEG_MAX_ALLOC_BYTES = 256 * MIB
export const FFMPEG_MAX_MEMORY_BYTES = 2048 * MIB
export const PROBE_MAX_OUTPUT_BYTES = 256 * KIB
export const FRAME_MAX_OUTPUT_BYTES = 16 * MIB
/** A video's frame: 8K. */
export const MAX_VIDEO_PIXELS = 7680 * 4320
export const MAX_ANIMATION_SECONDS = 60
export const MAX_ANIMATION_BYTES = 16 * MIB
export const MAX_GIF_BYTES = 20 * MIB
/** A profile that moves (core.telegram.org/api/files#animated-profile-pictures). */
export const PROFILE_VIDEO_PX = 800
export const MAX_PROFILE_VIDEO_SECONDS = 10
/** Voice notes are decoded for their waveform up to here: 8 kHz, 16 bit, 10 minutes. */
export const MAX_WAVEFORM_SECONDS = 600

/** core.telegram.org/stickers */
export const STICKER_PX = 512
export const EMOJI_PX = 100
export const SET_THUMB_PX = 100
export const MAX_STATIC_STICKER_BYTES = 512 * KIB
export const MAX_ANIMATED_STICKER_BYTES = 64 * KIB
/** What a TGS may unpack to. */
export const MAX_LOTTIE_BYTES = 2 * MIB
export const MAX_VIDEO_STICKER_BYTES = 256 * KIB
export const MAX_STICKER_SECONDS = 3
export const MAX_STICKER_FPS = 60
export const MAX_SET_THUMB_BYTES = 128 * KIB
export const MAX_ANIMATED_SET_THUMB_BYTES = 32 * KIB
