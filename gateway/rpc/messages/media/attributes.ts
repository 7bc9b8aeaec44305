import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import {
  MAX_ATTRIBUTES,
  MAX_AUDIO_TEXT_LENGTH,
  MAX_FILE_NAME_LENGTH,
  MAX_MIME_LENGTH,
  MAX_WAVEFORM_BYTES,
} from '../../upload/limits.ts'

type Attribute = TlType<'DocumentAttribute'>
export type AttributeName = Attribute['_']

/** The attribute of a kind, if there is one. */
export function attributeOf<N extends AttributeName>(
  attributes: readonly Attribute[],
  name: N,
): Extract<Attribute, { _: N }> | undefined {
  return attributes.find((each) => each._ === name) as Extract<Attribute, { _: N }> | undefined
}

/** The attributes with one of a kind added or replaced. */
export function withAttribute(attributes: readonly Attribute[], added: Attribute): Attribute[] {
  return [...attributes.filter((each) => each._ !== added._), added]
}

/** What a client says of its file, each kind once and within limits; what only the server may say is left out. */
export function checkedAttributes(given: readonly Attribute[], fileName: string): Attribute[] {
  if (given.length > MAX_ATTRIBUTES) throw new RpcError(400, 'MEDIA_INVALID')
  const attributes: Attribute[] = []
  for (const each of given) {
    if (attributes.some((earlier) => earlier._ === each._)) continue
    const checked = checkedAttribute(each)
    if (checked !== undefined) attributes.push(checked)
  }
  if (attributeOf(attributes, 'documentAttributeFilename') === undefined && fileName !== '')
    attributes.push({ _: 'documentAttributeFilename', fileName: shortName(fileName) })
  return attributes
}

function checkedAttribute(attribute: Attribute): Attribute | undefined {
  switch (attribute._) {
    case 'documentAttributeFilename':
      return { ...attribute, fileName: shortName(attribute.fileName) }
    case 'documentAttributeAudio':
      return checkedAudio(attribute)
    case 'documentAttributeHasStickers':
      return undefined
    default:
      return attribute
  }
}

function checkedAudio(audio: Tl<'documentAttributeAudio'>): Attribute | undefined {
  const { title, performer, waveform } = audio
  return {
    ...audio,
    ...(title !== undefined && { title: title.slice(0, MAX_AUDIO_TEXT_LENGTH) }),
    ...(performer !== undefined && { performer: performer.slice(0, MAX_AUDIO_TEXT_LENGTH) }),
    ...(waveform !== undefined && { waveform: waveform.subarray(0, MAX_WAVEFORM_BYTES) }),
  }
}

/** Without the path and the control characters that some give. */
function shortName(fileName: string): string {
  const name = fileName.replace(/^.*[/\\]/s, '').replace(/\p{Cc}/gu, '')
  return name.slice(-MAX_FILE_NAME_LENGTH)
}

const MIME = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/

/** A mime type as given, where it is one. */
export function checkedMime(given: string): string {
  const mime = given.trim().toLowerCase()
  return mime.length <= MAX_MIME_LENGTH && MIME.test(mime) ? mime : 'application/octet-stream'
}
