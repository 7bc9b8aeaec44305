import { discard, type Filer, isMissing } from './filer.ts'

/** A part of a file as it lies in a volume. */
export interface FileChunk {
  /** `<volume>,<needle>`. */
  readonly fileId: string
  readonly start: number
  readonly end: number
}

interface RawChunk {
  readonly file_id?: string
  readonly fid?: { readonly volume_id: number; readonly file_key: number; readonly cookie?: number }
  readonly offset?: number
  readonly size?: number
  readonly is_chunk_manifest?: boolean
}

const COOKIE_DIGITS = 8
const HEX = 16

/** The chunks of a file of the filer; undefined where there is no such file, or it does not lie in plain chunks. */
export function chunksOfFile(filer: Filer, path: string): Promise<readonly FileChunk[] | undefined> {
  const asked = `${path}?metadata=true&resolveManifest=true`
  return filer.ask({ method: 'GET', path: asked }, async (answer) => {
    if (isMissing(answer)) {
      await discard(answer)
      return undefined
    }
    const { chunks } = (await answer.body.json()) as { readonly chunks?: readonly RawChunk[] }
    return chunks?.some((chunk) => chunk.is_chunk_manifest) ? undefined : chunks?.map(chunkOf)
  })
}

function chunkOf({ file_id, fid, offset = 0, size = 0 }: RawChunk): FileChunk {
  return { fileId: file_id ?? needleOf(fid), start: offset, end: offset + size }
}

function needleOf(fid: RawChunk['fid']): string {
  const { volume_id = 0, file_key = 0, cookie = 0 } = fid ?? {}
  return `${volume_id},${file_key.toString(HEX)}${cookie.toString(HEX).padStart(COOKIE_DIGITS, '0')}`
}
