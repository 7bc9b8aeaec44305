import type { UserId } from '@heliograph/schemas/avro'
import { type Result, RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { inputUserId } from '../peers.ts'
import { renderUsers } from '../render/user.ts'
import { readTlSetting, writeTlSetting } from '../settings.ts'

type Rule = TlType<'PrivacyRule'>
type Rules = Tl<'account.privacyRules'>

export const MAX_PRIVACY_RULES = 10
export const MAX_PRIVACY_USERS = 1_000
const CONTACTS_ONLY: ReadonlySet<string> = new Set(['inputPrivacyKeyPhoneNumber', 'inputPrivacyKeyBirthday'])

const settingName = (key: TlType<'InputPrivacyKey'>): string =>
  `privacy:${key._.slice('inputPrivacyKey'.length)}`

export const getPrivacy: Handler<'account.getPrivacy'> = async (call, context) => {
  const stored = await readTlSetting(
    context.services,
    context.user,
    settingName(call.key),
    'account.privacyRules',
  )
  return withUsers(stored?.rules ?? defaultRules(call.key), context)
}

export const setPrivacy: Handler<'account.setPrivacy'> = async (call, context) => {
  if (call.rules.length === 0 || call.rules.length > MAX_PRIVACY_RULES) {
    throw new RpcError(400, 'PRIVACY_VALUE_INVALID')
  }
  const rules = call.rules.map((rule) => fromInput(rule, context))
  const value: Rules = { _: 'account.privacyRules', rules, chats: [], users: [] }
  await writeTlSetting(context, settingName(call.key), value)
  return withUsers(rules, context)
}

function defaultRules(key: TlType<'InputPrivacyKey'>): Rule[] {
  if (!CONTACTS_ONLY.has(key._)) return [{ _: 'privacyValueAllowAll' }]
  return [{ _: 'privacyValueAllowContacts' }, { _: 'privacyValueDisallowAll' }]
}

async function withUsers(
  rules: readonly Rule[],
  { services, user, now }: CallContext,
): Promise<Result<'account.getPrivacy'>> {
  const named = rules.flatMap((rule) => ('users' in rule ? rule.users : [])) as UserId[]
  const users = await renderUsers(services.directory, user, named, now)
  return { _: 'account.privacyRules', rules, chats: [], users }
}

function fromInput(rule: TlType<'InputPrivacyRule'>, context: CallContext): Rule {
  switch (rule._) {
    case 'inputPrivacyValueAllowUsers':
      return { _: 'privacyValueAllowUsers', users: userIds(rule.users, context) }
    case 'inputPrivacyValueDisallowUsers':
      return { _: 'privacyValueDisallowUsers', users: userIds(rule.users, context) }
    case 'inputPrivacyValueAllowChatParticipants':
      return { _: 'privacyValueAllowChatParticipants', chats: rule.chats }
    case 'inputPrivacyValueDisallowChatParticipants':
      return { _: 'privacyValueDisallowChatParticipants', chats: rule.chats }
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
