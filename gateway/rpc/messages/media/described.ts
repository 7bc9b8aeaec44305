import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { Derivatives, DerivedThumb } from '../../../media/derivatives.ts'
import { inDirectory } from '../../../media/source.ts'
import type { CallContext } from '../../handler.ts'
import { derivativesOf } from '../../upload/derivatives.ts'
import { MAX_EXAMINED_BYTES, MAX_PHOTO_BYTES, MAX_THUMB_BYTES } from '../../upload/limits.ts'
import { type FileSource, fileOfBytes, uploadedFile, wholeFile } from '../../upload/uploaded.ts'
import { attributeOf, withAttribute } from './attributes.ts'

type Attribute = TlType<'DocumentAttribute'>

/** A file with what is known of it: by its client, and by looking at it where the client says nothing. */
export interface DescribedFile {
  readonly file: FileSource
  readonly mimeType: string
  readonly attributes: readonly Attribute[]
  readonly thumb: DerivedThumb | undefined
}

export interface FileHints {
  readonly mimeType: string
  readonly attributes: readonly Attribute[]
  /** Wanted as a plain file: it is not looked at. */
  readonly forceFile: boolean
  /** A silent video is to be an animation. */
  readonly nosoundVideo: boolean
  readonly thumb: TlType<'InputFile'> | undefined
}

const PICTURES = new Set(['image/jpeg', 'image/png', 'image/webp'])

/** Adds what clients leave to the server: sizes, durations, waveforms, thumbs, GIFs as videos. */
export async function describedFile(
  context: CallContext,
  file: FileSource,
  hints: FileHints,
): Promise<DescribedFile> {
  const derivatives = await derivativesOf(context.services)
  const given = hints.thumb && (await givenThumb(context, derivatives, hints.thumb))
  const plain = { file, mimeType: hints.mimeType, attributes: hints.attributes, thumb: given }
  if (hints.forceFile) return plain
  const looked = await examined(derivatives, plain, hints)
  return { ...looked, thumb: given ?? looked.thumb }
}

/** A thumb that is no picture, or has no parts, is left out: the file is what was to be sent. */
async function givenThumb(
  context: CallContext,
  derivatives: Derivatives,
  input: TlType<'InputFile'>,
): Promise<DerivedThumb | undefined> {
  // Some clients say so that they have none.
  if ('parts' in input && input.parts === 0) return undefined
  const file = await uploadedFile(context, input)
  if (file.sizeBytes > MAX_THUMB_BYTES) return undefined
  return thumbOf(derivatives, await wholeFile(file, MAX_THUMB_BYTES, 'MEDIA_INVALID'))
}

async function thumbOf(derivatives: Derivatives, bytes: Buffer): Promise<DerivedThumb | undefined> {
  try {
    return await derivatives.image(bytes, 'thumb')
  } catch (error) {
    if (error instanceof RpcError && error.code === 400) return undefined
    throw error
  }
}

async function examined(
  derivatives: Derivatives,
  plain: DescribedFile,
  hints: FileHints,
): Promise<DescribedFile> {
  const { mimeType, attributes, file } = plain
  if (PICTURES.has(mimeType)) return examinedPicture(derivatives, plain)
  if (file.sizeBytes > MAX_EXAMINED_BYTES) return plain
  if (mimeType === 'image/gif') return examinedGif(derivatives, plain)
  if (mimeType.startsWith('video/')) return examinedVideo(derivatives, plain, hints.nosoundVideo)
  const audio = attributeOf(attributes, 'documentAttributeAudio')
  if (audio?.voice === true && audio.waveform === undefined) return examinedVoice(derivatives, plain)
  if (audio !== undefined && audio.voice !== true && plain.thumb === undefined)
    return examinedMusic(derivatives, plain)
  return plain
}

/** The picture in a piece of music is its thumb; it goes without one where there is no time for it. */
async function examinedMusic(derivatives: Derivatives, plain: DescribedFile): Promise<DescribedFile> {
  try {
    const thumb = await withFile(plain.file, (path) => derivatives.cover(path))
    return { ...plain, thumb }
  } catch (error) {
    if (error instanceof RpcError) return plain
    throw error
  }
}

async function examinedPicture(derivatives: Derivatives, plain: DescribedFile): Promise<DescribedFile> {
  const { file, attributes } = plain
  if (file.sizeBytes > MAX_PHOTO_BYTES) return plain
  const thumb = await pictureOf(derivatives, await wholeFile(file, MAX_PHOTO_BYTES, 'MEDIA_INVALID'))
  if (thumb === undefined) return plain
  if (attributeOf(attributes, 'documentAttributeImageSize') !== undefined) return { ...plain, thumb }
  const size = { _: 'documentAttributeImageSize', w: thumb.width, h: thumb.height } as const
  return { ...plain, thumb, attributes: withAttribute(attributes, size) }
}

async function pictureOf(derivatives: Derivatives, bytes: Buffer) {
  try {
    return await derivatives.image(bytes, 'thumb')
  } catch (error) {
    if (error instanceof RpcError && error.code === 400) return undefined
    throw error
  }
}

async function examinedGif(derivatives: Derivatives, plain: DescribedFile): Promise<DescribedFile> {
  const made = await withFile(plain.file, (path) => derivatives.animation(path))
  if (made === undefined)
    return { ...plain, attributes: withAttribute(plain.attributes, { _: 'documentAttributeAnimated' }) }
  const { width: w, height: h, durationSeconds: duration, thumb, mime, bytes } = made
  const video = {
    _: 'documentAttributeVideo',
    w,
    h,
    duration,
    supportsStreaming: true,
    nosound: true,
  } as const
  const attributes = withAttribute(withAttribute(plain.attributes, video), { _: 'documentAttributeAnimated' })
  return { file: fileOfBytes(bytes), mimeType: mime, attributes, thumb }
}

async function examinedVideo(
  derivatives: Derivatives,
  plain: DescribedFile,
  nosoundVideo: boolean,
): Promise<DescribedFile> {
  const made = await withFile(plain.file, (path) => derivatives.video(path))
  if (made === undefined) return plain
  const given = attributeOf(plain.attributes, 'documentAttributeVideo')
  const video: Attribute = {
    ...given,
    _: 'documentAttributeVideo',
    w: made.width,
    h: made.height,
    duration: made.durationSeconds,
    ...(made.supportsStreaming && { supportsStreaming: true }),
    ...(!made.hasAudio && { nosound: true }),
  }
  const attributes = withAttribute(plain.attributes, video)
  const isAnimation = !made.hasAudio && !nosoundVideo && plain.mimeType === 'video/mp4' && given === undefined
  return {
    ...plain,
    thumb: made.thumb,
    attributes: isAnimation ? withAttribute(attributes, { _: 'documentAttributeAnimated' }) : attributes,
  }
}

async function examinedVoice(derivatives: Derivatives, plain: DescribedFile): Promise<DescribedFile> {
  const audio = attributeOf(plain.attributes, 'documentAttributeAudio')!
  const made = await withFile(plain.file, (path) => derivatives.audio(path))
  if (made === undefined) return plain
  const duration = audio.duration > 0 ? audio.duration : Math.round(made.durationSeconds)
  return {
    ...plain,
    attributes: withAttribute(plain.attributes, { ...audio, duration, waveform: made.waveform }),
  }
}

/** The file on the disk of this machine, for programs that seek in it. */
function withFile<T>(file: FileSource, work: (path: string) => Promise<T>): Promise<T> {
  return inDirectory(async (directory) => {
    const path = join(directory, 'source')
    await pipeline(Readable.from(file.bytes()), createWriteStream(path, { mode: 0o600 }))
    return work(path)
  })
}
