/** Bytes in memory, or the path of a file (which ffmpeg can seek in). */
export type MediaSource = Buffer | string

/**
 * Boxed s, m, x, y, w (100, 320, 800, 1280, 2560 px) keep the proportions, cropped a, b, c, d (160, 320, 640, 1280 px) are
 * squares (core.telegram.org/api/files#image-thumbnail-types).
 */
export type PhotoSizeType = 's' | 'm' | 'x' | 'y' | 'w' | 'a' | 'b' | 'c' | 'd'

export interface ImageSize {
  readonly type: PhotoSizeType
  readonly width: number
  readonly height: number
  readonly bytes: Buffer
}

/** An image's sizes, ascending; the last is the picture itself. All are JPEG without EXIF, upright. */
export interface DerivedImage {
  /** Pixels of the picture as shown, before it was scaled down. */
  readonly width: number
  readonly height: number
  readonly mime: 'image/jpeg'
  readonly sizes: readonly ImageSize[]
  /** For `photoStrippedSize` (core.telegram.org/api/files#stripped-thumbnails). */
  readonly stripped: Buffer
}

/** A picture that stands for a document. */
export type DerivedThumb = Pick<DerivedImage, 'sizes' | 'stripped'>

/** photo: of a message. profile: a square of a user or chat. thumb: one small size that stands for a document. */
export type ImagePurpose = 'photo' | 'profile' | 'thumb'

export interface DerivedVideo {
  readonly width: number
  readonly height: number
  readonly durationSeconds: number
  /** The index stands before the data, so that players can start before all is there. */
  readonly supportsStreaming: boolean
  readonly hasAudio: boolean
  readonly mime: string
  readonly thumb: DerivedThumb
}

export interface DerivedAudio {
  readonly durationSeconds: number
  readonly mime: string
  readonly title: string | undefined
  readonly performer: string | undefined
  /** 100 values of 5 bits, packed from the low bit on, as `documentAttributeAudio.waveform` wants them. */
  readonly waveform: Buffer
}

/** A silent MP4 that shows what the GIF showed. */
export interface DerivedAnimation extends DerivedVideo {
  readonly bytes: Buffer
}

/** What moves on a profile. */
export interface DerivedProfileVideo {
  /** A silent MP4. */
  readonly bytes: Buffer
  readonly width: number
  readonly height: number
  /** Where it is at rest. */
  readonly startSeconds: number
  /** What it shows there, as a profile's picture. */
  readonly still: DerivedImage
}

export interface DerivedSticker {
  /** static: WebP or PNG. animated: TGS. video: WebM. */
  readonly kind: 'static' | 'animated' | 'video'
  readonly mime: 'image/webp' | 'application/x-tgsticker' | 'video/webm'
  readonly width: number
  readonly height: number
  readonly durationSeconds: number
  /** What is stored: a static sticker is WebP, also where it came as PNG. */
  readonly bytes: Buffer
}

/** Sticker: 512 px on the longer side. Emoji: 100 px squares. Thumb: 100 px square of a set. */
export type StickerPurpose = 'sticker' | 'emoji' | 'thumb'

/**
 * What is made of uploads. Nothing runs on the event loop; a bounded queue stands before the work, and each piece has limits
 * of pixels, bytes, memory and time. What the file itself is to blame for is an `RpcError` (PHOTO_INVALID_DIMENSIONS,
 * IMAGE_PROCESS_FAILED, PHOTO_EXT_INVALID, STICKER_*), a full queue FLOOD_WAIT.
 */
export interface Derivatives {
  /** Pieces of work that run or wait. */
  readonly depth: number
  image(source: MediaSource, purpose: ImagePurpose): Promise<DerivedImage>
  /** Undefined where there is no ffmpeg, or the file is no video that it can read. */
  video(source: MediaSource): Promise<DerivedVideo | undefined>
  /** As `video`. */
  audio(source: MediaSource): Promise<DerivedAudio | undefined>
  /** A GIF as MP4; undefined where there is no ffmpeg: the GIF is then sent as it is. */
  animation(source: MediaSource): Promise<DerivedAnimation | undefined>
  /** The picture in a piece of music; undefined where there is none, or no ffmpeg. */
  cover(source: MediaSource): Promise<DerivedThumb | undefined>
  /** As `video`, also where it is longer than `MAX_PROFILE_VIDEO_SECONDS`. */
  profileVideo(source: MediaSource, startSeconds: number): Promise<DerivedProfileVideo | undefined>
  sticker(source: Buffer, purpose: StickerPurpose): Promise<DerivedSticker>
  /** A sticker's still picture before one to four colours, as a profile's picture. */
  backed(sticker: Buffer, colors: readonly number[]): Promise<DerivedImage>
  /** Ends what still runs. */
  close(): void
}
