import type { MethodName } from '@heliograph/schemas/tl'

/** Why methods are refused, the first that fits; each is read as "refused: …". */
const REASONS: readonly (readonly [reason: string, methods: RegExp])[] = [
  ['secret chats, not there yet', /^messages\.(\w*Encrypt\w*|getDhConfig|receivedQueue)$/],
  ['calls, not there yet', /^phone\./],
  ['games', /^messages\.(get|set)\w*Game\w*$/],
  [
    'payments, stars and gifts',
    /^(payments\.\w+|\w+\.\w*(PaidMessages|PaidReaction|PaidAuth|Precheckout|ShippingResults)\w*|fragment\.\w+|messages\.toggleSuggestedPostApproval)$/,
  ],
  ['business', /^(account\.(\w*Business\w*|\w*(ConnectedBot|BotConnection)\w*)|messages\.\w*QuickRepl\w*)$/],
  [
    'bots, not there yet',
    /^(bots\.\w+|ephemeral\.\w+|\w+\.\w*(Bot|WebView|InlineMessage)\w*|messages\.\w*UrlAuth\w*)$/,
  ],
  ['premium and boosts', /^premium\./],
  ['stories', /^(stories\.\w+|stats\.getStoryPublicForwards)$/],
  [
    'passport',
    /^(account\.(\w*(SecureValue|Authorization(Form)?)|\w*[vV]erifyPhone(Code)?)|users\.setSecureValueErrors)$/,
  ],
  ['passkeys, which belong to a domain of the web', /^\w+\.\w*Passkey\w*$/],
  ['advertisements', /^messages\.\w*Sponsored\w*$/],
  [
    'language models and speech recognition',
    /^(aicompose\.\w+|messages\.(compose\w*WithAI|summarizeText|\w*[tT]ranscribe\w*|translateRichMessage|getRichMessage))$/,
  ],
  ['import of histories of other messengers', /^messages\.(\w*HistoryImport\w*|uploadImportedMedia)$/],
  [
    'codes through Firebase, and short messages that users send for Telegram',
    /^(auth\.\w*[fF]irebase\w*|smsjobs\.\w+)$/,
  ],
  ['caches of files outside (CDN): every gateway serves files itself', /^upload\.\w*Cdn\w*$/],
  ["for Telegram's own staff", /^(help\.editUserInfo|messages\.(edit|delete)FactCheck)$/],
  ['groups of groups, of the newest layers', /^communities\./],
  ['people nearby, which Telegram has given up', /^contacts\.getLocated$/],
  [
    "for Telegram's own web pages and apps",
    /^(account\.\w*WebBrowserSettings\w*|auth\.importWebTokenAuthorization|messages\.reportMusicListen)$/,
  ],
]

/** Why a method is refused; undefined where nobody has said. */
export function whyRefused(method: MethodName): string | undefined {
  return REASONS.find(([, methods]) => methods.test(method))?.[0]
}

/** Every reason, in the order in which tables have them. */
export const REFUSAL_REASONS: readonly string[] = REASONS.map(([reason]) => reason)
