import type { PeerId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { inputPeerId } from '../peers.ts'
import type { Services } from '../services.ts'
import { listSettings, readTlSetting, tlValue, writeSetting, writeTlSetting } from '../settings.ts'

const PREFIX = 'notify:'
type Settings = Tl<'peerNotifySettings'>

/** Whoever has chosen nothing is notified of everything, in the client's own way. */
const SILENT_DEFAULTS: Settings = { _: 'peerNotifySettings' }
/** What holds for all users, chats or channels until the account chooses. */
const SCOPE_DEFAULTS: Settings = {
  _: 'peerNotifySettings',
  showPreviews: true,
  silent: false,
  muteUntil: 0,
  iosSound: { _: 'notificationSoundDefault' },
  androidSound: { _: 'notificationSoundDefault' },
  otherSound: { _: 'notificationSoundDefault' },
}

/** Name of the setting that holds a peer's notification settings; the push side hears of changes by this name. */
export const notifySetting = (peerId: PeerId): string => `${PREFIX}${peerId}`

/** Notification settings of one dialog; the empty ones where the user chose nothing. */
export async function notifySettingsOf(
  services: Pick<Services, 'tables' | 'keyring'>,
  user: CallContext['user'],
  peerId: PeerId,
): Promise<Settings> {
  return (await readSettings(services, user, notifySetting(peerId))) ?? SILENT_DEFAULTS
}

/** Notification settings of all dialogs that have some, in one look; other peers have the empty ones. */
export async function notifySettingsByPeer(
  services: Pick<Services, 'tables' | 'keyring'>,
  user: CallContext['user'],
): Promise<(peerId: PeerId) => Settings> {
  const found = new Map<number, Settings>()
  for (const { name, value } of await listSettings(services, user, PREFIX)) {
    const settings = tlValue(value, 'peerNotifySettings')
    if (settings !== undefined) found.set(Number(name.slice(PREFIX.length)), settings)
  }
  return (peerId) => found.get(peerId) ?? SILENT_DEFAULTS
}

/** The peer in an update about a notification setting of this name, and its value now. */
export async function notifyUpdate(
  services: Pick<Services, 'tables' | 'keyring'>,
  user: CallContext['user'],
  name: string,
): Promise<Tl<'updateNotifySettings'> | undefined> {
  if (!name.startsWith(PREFIX)) return undefined
  const peer = notifyPeer(name.slice(PREFIX.length))
  const notifySettings = (await readSettings(services, user, name)) ?? SILENT_DEFAULTS
  return { _: 'updateNotifySettings', peer, notifySettings }
}

export const getNotifySettings: Handler<'account.getNotifySettings'> = async (call, context) => {
  const scope = scopeOf(call.peer, context)
  const stored = await readSettings(context.services, context.user, PREFIX + scope)
  return stored ?? (Number.isNaN(Number(scope)) ? SCOPE_DEFAULTS : SILENT_DEFAULTS)
}

export const updateNotifySettings: Handler<'account.updateNotifySettings'> = async (call, context) => {
  await writeTlSetting(context, PREFIX + scopeOf(call.peer, context), fromInput(call.settings))
  return true
}

export const resetNotifySettings: Handler<'account.resetNotifySettings'> = async (_, context) => {
  const stored = await listSettings(context.services, context.user, PREFIX)
  await Promise.all(stored.map(({ name }) => writeSetting(context, name, null)))
  return true
}

/** What the user chose for single dialogs, as updates. */
export const getNotifyExceptions: Handler<'account.getNotifyExceptions'> = async (_, context) => {
  const stored = await listSettings(context.services, context.user, PREFIX)
  const updates = stored.flatMap(({ name, value }): TlType<'Update'>[] => {
    const peer = notifyPeer(name.slice(PREFIX.length))
    const notifySettings = tlValue(value, 'peerNotifySettings')
    if (peer._ !== 'notifyPeer' || notifySettings === undefined) return []
    return [{ _: 'updateNotifySettings', peer, notifySettings }]
  })
  return { _: 'updates', updates, users: [], chats: [], date: context.now, seq: 0 }
}

function readSettings(
  services: Pick<Services, 'tables' | 'keyring'>,
  user: CallContext['user'],
  name: string,
) {
  return readTlSetting(services, user, name, 'peerNotifySettings')
}

/** A peer's number, or the name of a whole kind of peers. */
function scopeOf(peer: TlType<'InputNotifyPeer'>, context: CallContext): string {
  switch (peer._) {
    case 'inputNotifyPeer':
      return String(inputPeerId(peer.peer, context))
    case 'inputNotifyUsers':
      return 'users'
    case 'inputNotifyChats':
      return 'chats'
    case 'inputNotifyBroadcasts':
      return 'broadcasts'
    default:
      throw new RpcError(400, 'PEER_ID_INVALID')
  }
}

function notifyPeer(scope: string): TlType<'NotifyPeer'> {
  if (scope === 'users') return { _: 'notifyUsers' }
  if (scope === 'chats') return { _: 'notifyChats' }
  if (scope === 'broadcasts') return { _: 'notifyBroadcasts' }
  return { _: 'notifyPeer', peer: { _: 'peerUser', userId: Number(scope) } }
}

/** Clients give one sound; it is theirs on every platform. */
function fromInput(input: Tl<'inputPeerNotifySettings'>): Settings {
  const { _, sound, storiesSound, ...same } = input
  return {
    _: 'peerNotifySettings',
    ...same,
    ...(sound && { iosSound: sound, androidSound: sound, otherSound: sound }),
    ...(storiesSound && {
      storiesIosSound: storiesSound,
      storiesAndroidSound: storiesSound,
      storiesOtherSound: storiesSound,
    }),
  }
}
