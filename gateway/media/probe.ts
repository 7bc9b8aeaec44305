import type { MediaSource } from './derivatives.ts'
import { demuxerOf, type Programs, probeOutput } from './ffmpeg.ts'
import { formatOf, type MediaFormat } from './format.ts'
import { beginningOf } from './source.ts'

const ENTRIES =
  'format=duration:format_tags=title,artist:stream=codec_type,codec_name,width,height,avg_frame_rate:stream_tags=title,artist:stream_side_data=rotation:stream_disposition=attached_pic'

export interface VideoStream {
  readonly codec: string
  /** As shown, after rotation. */
  readonly width: number
  readonly height: number
  readonly framesPerSecond: number
}

/** What stands in the headers of a file. */
export interface Probed {
  readonly path: string
  readonly demuxer: string
  readonly format: MediaFormat
  readonly durationSeconds: number
  readonly video: VideoStream | undefined
  readonly audioCodec: string | undefined
  /** A picture lies in it, as in music. */
  readonly hasCover: boolean
  readonly title: string | undefined
  readonly performer: string | undefined
}

type Tags = Readonly<Record<string, string>>

interface RawStream {
  readonly codec_type?: string
  readonly codec_name?: string
  readonly width?: number
  readonly height?: number
  readonly avg_frame_rate?: string
  readonly side_data_list?: readonly { readonly rotation?: number }[]
  readonly disposition?: { readonly attached_pic?: number }
  readonly tags?: Tags
}
interface RawProbe {
  readonly streams?: readonly RawStream[]
  readonly format?: { readonly duration?: string; readonly tags?: Tags }
}

/** Undefined where it is of no format that is handled, or damaged. */
export async function probe(
  programs: Programs,
  path: string,
  signal: AbortSignal,
): Promise<Probed | undefined> {
  const format = await formatOfSource(path)
  const demuxer = demuxerOf(format)
  if (format === undefined || demuxer === undefined) return
  const output = await probeOutput(programs, path, demuxer, ENTRIES, signal)
  const raw = output && parsed(output)
  return raw && { path, demuxer, format, ...described(raw) }
}

export async function formatOfSource(source: MediaSource): Promise<MediaFormat | undefined> {
  return formatOf(await beginningOf(source))
}

/** Tags may hold bytes that are no UTF-8 and break the JSON. */
function parsed(output: Buffer): RawProbe | undefined {
  try {
    return JSON.parse(output.toString()) as RawProbe
  } catch {
    return undefined
  }
}

function described({ streams = [], format }: RawProbe) {
  const video = streams.find(
    ({ codec_type, disposition }) => codec_type === 'video' && !disposition?.attached_pic,
  )
  const audio = streams.find(({ codec_type }) => codec_type === 'audio')
  // Ogg has its tags in the stream.
  const tags = { ...audio?.tags, ...format?.tags }
  const duration = Number(format?.duration ?? 0)
  return {
    durationSeconds: Number.isFinite(duration) && duration > 0 ? duration : 0,
    video: video && videoStream(video),
    audioCodec: audio?.codec_name,
    hasCover: streams.some(({ disposition }) => disposition?.attached_pic === 1),
    title: tag(tags, 'title'),
    performer: tag(tags, 'artist'),
  }
}

/** Containers write tag names in either case. */
function tag(tags: Tags, name: string): string | undefined {
  return tags[name] ?? tags[name.toUpperCase()]
}

function videoStream(stream: RawStream): VideoStream | undefined {
  const { width = 0, height = 0, codec_name: codec = '' } = stream
  if (!(width > 0 && height > 0)) return
  const [frames = 0, seconds = 0] = (stream.avg_frame_rate ?? '').split('/').map(Number)
  const rotation = stream.side_data_list?.find((data) => data.rotation !== undefined)?.rotation ?? 0
  const lies = Math.abs(rotation) % 180 === 90
  return {
    codec,
    width: lies ? height : width,
    height: lies ? width : height,
    framesPerSecond: seconds > 0 ? frames / seconds : 0,
  }
}
