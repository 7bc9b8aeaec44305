import {
  type AnyCall,
  decodeResult,
  encodeCall,
  type MethodName,
  type Result,
  RPC_ERROR_ID,
} from '@heliograph/schemas/tl'
import { API_HASH, API_ID, introduced } from '../../clients/introduction.ts'
import { exchangeKey } from './exchange.ts'
import { LoadLink } from './link.ts'

/** A layer that public clients speak today. */
export const LOAD_LAYER = 227

export interface LoadTarget {
  readonly host: string
  readonly port: number
  readonly publicKeyPem: string
  readonly loginCode: string
}

/** One logged-in connection. */
export interface LoadUser {
  readonly link: LoadLink
  readonly id: number
  readonly phone: string
}

export async function call<M extends MethodName>(
  link: LoadLink,
  request: AnyCall & { _: M },
): Promise<Result<M>> {
  const bytes = await link.call(encodeCall(request, LOAD_LAYER))
  if (bytes.readInt32LE(0) === RPC_ERROR_ID)
    throw new Error(`${request._} failed: ${bytes.subarray(9).toString()}`)
  return decodeResult(request._, bytes, LOAD_LAYER) as Result<M>
}

/** Connects and exchanges a key; nothing else. */
export async function connectLink(target: LoadTarget): Promise<LoadLink> {
  const link = await LoadLink.open(target.host, target.port)
  link.useKey(await exchangeKey(link, target.publicKeyPem))
  return link
}

/** Signs up (a new number each) on a connected link. */
export async function signUp(link: LoadLink, phone: string, target: LoadTarget): Promise<LoadUser> {
  const code = { phoneNumber: phone, phoneCodeHash: await codeSent(link, phone) }
  await call(link, { _: 'auth.signIn', ...code, phoneCode: target.loginCode } as never)
  const signed = (await call(link, {
    _: 'auth.signUp',
    ...code,
    firstName: 'Load',
    lastName: 'User',
  } as never)) as Result<'auth.signUp'>
  if (signed._ !== 'auth.authorization') throw new Error(`unexpected ${signed._}`)
  await call(link, { _: 'updates.getState' } as never)
  link.acknowledge()
  return { link, id: signed.user.id, phone }
}

async function codeSent(link: LoadLink, phone: string): Promise<string> {
  const hello = {
    _: 'auth.sendCode',
    phoneNumber: phone,
    apiId: API_ID,
    apiHash: API_HASH,
    settings: { _: 'codeSettings' },
  } as const
  const wrapped = encodeCall(introduced(hello as AnyCall, LOAD_LAYER, 'load'), LOAD_LAYER)
  const sent = decodeResult('auth.sendCode', await link.call(wrapped), LOAD_LAYER) as Result<'auth.sendCode'>
  if (sent._ !== 'auth.sentCode') throw new Error(`unexpected ${sent._}`)
  return sent.phoneCodeHash
}

/** Logs in to an account that is there, on a connected link. */
export async function logIn(link: LoadLink, phone: string, target: LoadTarget): Promise<LoadUser> {
  const phoneCodeHash = await codeSent(link, phone)
  const code = { phoneNumber: phone, phoneCodeHash, phoneCode: target.loginCode }
  const signed = (await call(link, { _: 'auth.signIn', ...code } as never)) as Result<'auth.signIn'>
  if (signed._ !== 'auth.authorization') throw new Error(`unexpected ${signed._}`)
  await call(link, { _: 'updates.getState' } as never)
  link.acknowledge()
  return { link, id: signed.user.id, phone }
}

/** The other's input peer, as importing its number gives it. */
export async function befriend(
  user: LoadUser,
  other: LoadUser,
): Promise<{ userId: number; accessHash: bigint }> {
  const imported = (await call(user.link, {
    _: 'contacts.importContacts',
    contacts: [{ _: 'inputPhoneContact', clientId: 1n, phone: other.phone, firstName: 'Load', lastName: '' }],
  } as never)) as Result<'contacts.importContacts'>
  const [found] = imported.users
  if (found?._ !== 'user') throw new Error('the other user was not found by its number')
  return { userId: found.id, accessHash: found.accessHash ?? 0n }
}
