import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { type Result, RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { ownChats } from '../directory/shared-chats.ts'
import type { CallContext, Handler } from '../handler.ts'
import { renderNamed } from '../messages/answers.ts'
import { inputUserId } from '../peers.ts'
import { changePrivacy, readPrivacy } from '../privacy/change.ts'
import { defaultRules, type PrivacyKey, type PrivacyRule } from '../privacy/rules.ts'
import type { Services } from '../services.ts'

export const MAX_PRIVACY_RULES = 10
export const MAX_PRIVACY_USERS = 1_000
/** Chats that the rules of one key may name: each is looked up for everybody who asks. */
export const MAX_PRIVACY_CHATS = 20

/** Name under which the account's other sessions hear of a change. */
export const PRIVACY_SETTING = 'privacy:'
const GLOBAL = 'global'

const keyOf = (key: TlType<'InputPrivacyKey'>): PrivacyKey =>
  key._.slice('inputPrivacyKey'.length) as PrivacyKey

export const getPrivacy: Handler<'account.getPrivacy'> = async (call, context) => {
  const key = keyOf(call.key)
  const { rules } = await readPrivacy(context.services, context.user)
  return withPeers(rules.get(key) ?? defaultRules(key), context)
}

export const setPrivacy: Handler<'account.setPrivacy'> = async (call, context) => {
  if (call.rules.length === 0) throw new RpcError(400, 'PRIVACY_VALUE_INVALID')
  if (call.rules.length > MAX_PRIVACY_RULES) throw new RpcError(400, 'PRIVACY_TOO_LONG')
  const rules = call.rules.map((rule) => fromInput(rule, context))
  const key = keyOf(call.key)
  await changePrivacy(context, key, (privacy) => ({
    ...privacy,
    rules: new Map(privacy.rules).set(key, rules),
  }))
  return withPeers(rules, context)
}

/** What the account's other sessions are told when `name` was changed; undefined where clients have no word for it. */
export async function privacyUpdate(
  services: Pick<Services, 'tables' | 'keyring'>,
  user: UserId,
  name: string,
): Promise<Tl<'updatePrivacy'> | undefined> {
  const key = name.slice(PRIVACY_SETTING.length) as PrivacyKey
  const rules = (await readPrivacy(services, user)).rules.get(key)
  if (rules === undefined) return undefined
  return { _: 'updatePrivacy', key: { _: `privacyKey${key}` } as TlType<'PrivacyKey'>, rules: [...rules] }
}

export const getGlobalPrivacySettings: Handler<'account.getGlobalPrivacySettings'> = async (_, context) =>
  (await readPrivacy(context.services, context.user)).global

/** Nobody can be paid here, so nobody can ask to be. */
export const setGlobalPrivacySettings: Handler<'account.setGlobalPrivacySettings'> = async (
  { settings },
  context,
) => {
  if (settings.noncontactPeersPaidStars !== undefined && settings.noncontactPeersPaidStars > 0n) {
    throw new RpcError(403, 'PREMIUM_ACCOUNT_REQUIRED')
  }
  await changePrivacy(context, GLOBAL, (privacy) => ({ ...privacy, global: settings }))
  return settings
}

async function withPeers(
  rules: readonly PrivacyRule[],
  context: CallContext,
): Promise<Result<'account.getPrivacy'>> {
  const users = rules.flatMap((rule) => ('users' in rule ? rule.users : [])) as PeerId[]
  const chats = rules.flatMap((rule) => ('chats' in rule ? rule.chats : []))
  const named = [...users, ...(await ownChats(context.services.tables, context.user, chats))]
  return { _: 'account.privacyRules', rules: [...rules], ...(await renderNamed(context, named)) }
}

function fromInput(rule: TlType<'InputPrivacyRule'>, context: CallContext): PrivacyRule {
  switch (rule._) {
    case 'inputPrivacyValueAllowUsers':
      return { _: 'privacyValueAllowUsers', users: userIds(rule.users, context) }
    case 'inputPrivacyValueDisallowUsers':
      return { _: 'privacyValueDisallowUsers', users: userIds(rule.users, context) }
    case 'inputPrivacyValueAllowChatParticipants':
      return { _: 'privacyValueAllowChatParticipants', chats: chatIds(rule.chats) }
    case 'inputPrivacyValueDisallowChatParticipants':
      return { _: 'privacyValueDisallowChatParticipants', chats: chatIds(rule.chats) }
    default:
      return { _: PLAIN_RULES[rule._] }
  }
}

const PLAIN_RULES = {
  inputPrivacyValueAllowAll: 'privacyValueAllowAll',
  inputPrivacyValueAllowBots: 'privacyValueAllowBots',
  inputPrivacyValueAllowCloseFriends: 'privacyValueAllowCloseFriends',
  inputPrivacyValueAllowContacts: 'privacyValueAllowContacts',
  inputPrivacyValueAllowPremium: 'privacyValueAllowPremium',
  inputPrivacyValueDisallowAll: 'privacyValueDisallowAll',
  inputPrivacyValueDisallowBots: 'privacyValueDisallowBots',
  inputPrivacyValueDisallowContacts: 'privacyValueDisallowContacts',
} as const

function userIds(users: readonly TlType<'InputUser'>[], context: CallContext): UserId[] {
  if (users.length > MAX_PRIVACY_USERS) throw new RpcError(400, 'PRIVACY_TOO_LONG')
  return users.map((user) => inputUserId(user, context))
}

function chatIds(chats: readonly number[]): number[] {
  if (chats.length > MAX_PRIVACY_CHATS) throw new RpcError(400, 'PRIVACY_TOO_LONG')
  return [...chats]
}
