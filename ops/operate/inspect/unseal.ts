import { type RecordCodec, type UserId, userKey } from '@heliograph/schemas/avro'
import { AUTH_KEYS_SCOPE, chatScope, type Keyring, type KeyScope, userScope } from '@heliograph/storage'
import { open, type SealedFor } from '@heliograph/topics'
import type { TypedFields } from './records.ts'

/** Where one sealed part of a record opens, and what it is then. */
interface Place {
  readonly scope: KeyScope
  readonly sealedFor: SealedFor
  readonly content: 'record' | 'bytes'
}
/** Name of the sealed field, and its place as the record's other fields say. */
interface Part {
  readonly field: string
  readonly place: (record: TypedFields) => Place
  /** The field is within each of a list. */
  readonly list?: string
}

const inAccount = (
  key: string,
  scope: KeyScope,
  type: string,
  content: Place['content'] = 'record',
): Place => ({
  scope,
  sealedFor: { topic: 'account.events', key, type },
  content,
})
const ofUser =
  (type: (record: TypedFields) => string, content?: Place['content']) => (record: TypedFields) => {
    const userId = record.userId as UserId
    return inAccount(userKey(userId), userScope(userId), type(record), content)
  }

const body: Part = {
  field: 'sealed',
  place: ({ chatId }) => ({
    scope: chatScope(String(chatId)),
    sealedFor: { topic: 'chat.events', key: String(chatId), type: 'MessageContent' },
    content: 'record',
  }),
}
const profile: Part = { field: 'profile', place: ofUser(() => 'Profile') }
const card: Part = { list: 'contacts', field: 'sealed', place: ofUser(() => 'ContactCard') }
const draft: Part = { field: 'sealed', place: ofUser(() => 'MessageContent') }
const setting: Part = { field: 'sealed', place: ofUser(({ name }) => `Setting:${name}`, 'bytes') }
const client: Part = {
  field: 'client',
  place: ({ authKeyId }) => inAccount(`key:${authKeyId}`, AUTH_KEYS_SCOPE, 'ClientDescription'),
}

/** Sealed parts by record. Auth keys themselves are not among them: nobody needs to see one. */
const PARTS: Readonly<Record<string, Part>> = {
  SendMessage: body,
  EditMessage: body,
  MessageSent: body,
  MessageEdited: body,
  MailboxMessage: body,
  MailboxEdited: body,
  CreateUser: profile,
  UpdateProfile: profile,
  UserChanged: profile,
  PutContacts: card,
  ContactsPut: card,
  SaveDraft: draft,
  DraftSaved: draft,
  PutSetting: setting,
  SettingPut: setting,
  DescribeAuthKey: client,
  AuthKeyChanged: client,
}

export const UNREADABLE = 'unreadable: its data key is gone, or it was sealed for something else'

/** The record with its sealed parts opened; a part that does not open says so. */
export async function unsealed(
  from: { readonly keyring: Keyring; readonly codec: RecordCodec },
  record: TypedFields,
): Promise<TypedFields> {
  const part = PARTS[record.type]
  if (part === undefined) return record
  const place = part.place(record)
  const key = await from.keyring.find(place.scope)
  const opened = (value: unknown): unknown => {
    if (!Buffer.isBuffer(value)) return value
    const plain = key && open(key.key, place.sealedFor, value)
    if (plain === undefined) return UNREADABLE
    return place.content === 'bytes' ? plain.toString('hex') : from.codec.decodeBare(plain)
  }
  const within = (of: TypedFields): TypedFields => ({ ...of, [part.field]: opened(of[part.field]) })
  if (part.list === undefined) return within(record)
  return { ...record, [part.list]: (record[part.list] as TypedFields[]).map(within) }
}

/** The record with bytes as their lengths: what is sealed stays so. */
export function withLengths(record: TypedFields): TypedFields {
  return lengths(record) as TypedFields
}

function lengths(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return `${value.length} bytes`
  if (Array.isArray(value)) return value.map(lengths)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, lengths(each)]))
}
