import { MAX_OWN_REACTIONS, MAX_POLL_SECONDS, MAX_UNIQUE_REACTIONS } from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import { AUTOCONFIRM_SECONDS } from '../account/unconfirmed.ts'
import { MAX_PUBLIC_CHANNELS } from '../chats/lists.ts'
import type { OpenHandler } from '../handler.ts'
import { MAX_ANSWERS } from '../polls/input.ts'

/** Changes with the values below. */
const APP_CONFIG_HASH = 5

type Json = boolean | number | string | readonly Json[]

/** What clients of today take from the server beyond `config` (core.telegram.org/api/config#client-configuration). */
const APP_CONFIG: Readonly<Record<string, Json>> = {
  about_length_limit_default: 70,
  authorization_autoconfirm_period: AUTOCONFIRM_SECONDS,
  autoarchive_setting_available: false,
  caption_length_limit_default: 1024,
  chat_read_mark_expire_period: 7 * 24 * 3600,
  chat_read_mark_size_threshold: 100,
  channels_public_limit_default: MAX_PUBLIC_CHANNELS,
  channels_public_limit_premium: MAX_PUBLIC_CHANNELS,
  chatlist_invites_limit_default: 3,
  chatlists_joined_limit_default: 2,
  dialog_filters_chats_limit_default: 100,
  dialog_filters_enabled: true,
  dialog_filters_limit_default: 10,
  dialogs_folder_pinned_limit_default: 100,
  dialogs_pinned_limit_default: 5,
  emojies_send_dice: [],
  giveaway_gifts_purchase_available: false,
  pm_read_date_expire_period: 7 * 24 * 3600,
  premium_purchase_blocked: true,
  qr_login_camera: true,
  qr_login_code: 'secondary',
  quote_length_max: 1024,
  poll_answers_max: MAX_ANSWERS,
  poll_close_period_max: MAX_POLL_SECONDS,
  reactions_uniq_max: MAX_UNIQUE_REACTIONS,
  reactions_user_max_default: MAX_OWN_REACTIONS,
  reactions_user_max_premium: MAX_OWN_REACTIONS,
  saved_gifs_limit_default: 200,
  stars_purchase_blocked: true,
  stickers_faved_limit_default: 5,
  stories_all_hidden: false,
  stories_posting: 'disabled',
  upload_max_fileparts_default: 4000,
}

export const getAppConfig: OpenHandler<'help.getAppConfig'> = (call) => {
  if (call.hash === APP_CONFIG_HASH) return { _: 'help.appConfigNotModified' }
  return { _: 'help.appConfig', hash: APP_CONFIG_HASH, config: CONFIG_VALUE }
}

const CONFIG_VALUE: Tl<'jsonObject'> = {
  _: 'jsonObject',
  value: Object.entries(APP_CONFIG).map(([key, value]) => ({
    _: 'jsonObjectValue',
    key,
    value: jsonValue(value),
  })),
}

function jsonValue(value: Json): TlType<'JSONValue'> {
  if (typeof value === 'boolean') return { _: 'jsonBool', value }
  if (typeof value === 'number') return { _: 'jsonNumber', value }
  if (typeof value === 'string') return { _: 'jsonString', value }
  return { _: 'jsonArray', value: value.map(jsonValue) }
}
