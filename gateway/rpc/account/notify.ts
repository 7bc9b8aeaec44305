import { chatIdOf, isChannelPeer, type PeerId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { reach } from '../chats/reach.ts'
import type { CallContext, Handler } from '../handler.ts'
import { renderNamed, updatesOf } from '../messages/answers.ts'
import { inputPeerId } from '../peers.ts'
import { peerNumber, renderPeer } from '../render/peer.ts'
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

const SCOPES: ReadonlySet<string> = new Set(['users', 'chats', 'broadcasts'])

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

/** What holds for all private chats, groups or channels of a user, by peer. */
export async function notifyScopes(
  services: Pick<Services, 'tables' | 'keyring'>,
  user: CallContext['user'],
): Promise<(peerId: PeerId, isBroadcast: boolean) => Settings> {
  const [users, chats, broadcasts] = await Promise.all(
    ['users', 'chats', 'broadcasts'].map((scope) => readSettings(services, user, PREFIX + scope)),
  )
  return (peerId, isBroadcast) => (peerId > 0 ? users : isBroadcast ? broadcasts : chats) ?? SCOPE_DEFAULTS
}

/** Whether a chat with these settings is silent at `now` (Unix seconds); where it has none, its whole kind decides. */
export function isMutedBy(own: Settings, scope: Settings, now: number): boolean {
  return (own.muteUntil ?? scope.muteUntil ?? 0) > now
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
  return stored ?? (SCOPES.has(scope) ? SCOPE_DEFAULTS : SILENT_DEFAULTS)
}

export const updateNotifySettings: Handler<'account.updateNotifySettings'> = async (call, context) => {
  const scope = scopeOf(call.peer, context)
  if ('peer' in call.peer) await requireVisible(call.peer.peer, context)
  if ((call.settings.muteUntil ?? 0) < 0) throw new RpcError(400, 'SETTINGS_INVALID')
  await writeTlSetting(context, PREFIX + scope, fromInput(call.settings))
  return true
}

export const resetNotifySettings: Handler<'account.resetNotifySettings'> = async (_, context) => {
  const stored = await listSettings(context.services, context.user, PREFIX)
  await Promise.all(stored.map(({ name }) => writeSetting(context, name, null)))
  return true
}

/** What the user chose for single chats and topics, as updates; of one kind of chats where that is asked. */
export const getNotifyExceptions: Handler<'account.getNotifyExceptions'> = async (call, context) => {
  const { services, user } = context
  const stored = await listSettings(services, user, PREFIX)
  const exceptions = stored.flatMap(({ name, value }): Exception[] => {
    const peer = notifyPeer(name.slice(PREFIX.length))
    const notifySettings = tlValue(value, 'peerNotifySettings')
    if (!('peer' in peer) || notifySettings === undefined || !differs(notifySettings, call)) return []
    return [{ peerId: peerNumber(peer.peer), update: { _: 'updateNotifySettings', peer, notifySettings } }]
  })
  const wanted = await ofKind(exceptions, call.peer, context)
  const named = await renderNamed(
    context,
    wanted.map(({ peerId }) => peerId),
  )
  const updates = wanted.map(({ update }) => update)
  return updatesOf(updates, named.users, context.now, named.chats)
}

interface Exception {
  readonly peerId: PeerId
  readonly update: Tl<'updateNotifySettings'>
}

/** Mutes and previews always count, sounds and stories where they are asked for. */
function differs(settings: Settings, call: Parameters<typeof getNotifyExceptions>[0]): boolean {
  const { muteUntil, silent, showPreviews, storiesMuted, storiesHideSender } = settings
  if (muteUntil !== undefined || silent !== undefined || showPreviews !== undefined) return true
  const hasSound = settings.iosSound ?? settings.androidSound ?? settings.otherSound
  if (call.compareSound === true && hasSound !== undefined) return true
  return call.compareStories === true && (storiesMuted !== undefined || storiesHideSender !== undefined)
}

async function ofKind(
  exceptions: readonly Exception[],
  peer: TlType<'InputNotifyPeer'> | undefined,
  context: CallContext,
): Promise<readonly Exception[]> {
  if (peer === undefined) return exceptions
  if ('peer' in peer) {
    const only = inputPeerId(peer.peer, context)
    return exceptions.filter(({ peerId }) => peerId === only)
  }
  if (peer._ === 'inputNotifyUsers') return exceptions.filter(({ peerId }) => peerId > 0)
  const chats = exceptions.filter(({ peerId }) => peerId < 0)
  const views = await context.services.chats.views(
    context.user,
    chats.map(({ peerId }) => chatIdOf(context.user, peerId)),
  )
  const wantsBroadcasts = peer._ === 'inputNotifyBroadcasts'
  return chats.filter((_, i) => (views[i]?.facts?.kind === 'broadcast') === wantsBroadcasts)
}

function readSettings(
  services: Pick<Services, 'tables' | 'keyring'>,
  user: CallContext['user'],
  name: string,
) {
  return readTlSetting(services, user, name, 'peerNotifySettings')
}

/** A peer's number, one with a topic's after a slash, or the name of a whole kind of peers. */
function scopeOf(peer: TlType<'InputNotifyPeer'>, context: CallContext): string {
  switch (peer._) {
    case 'inputNotifyPeer':
      return String(inputPeerId(peer.peer, context))
    case 'inputNotifyForumTopic':
      return `${inputPeerId(peer.peer, context)}/${topicId(peer.topMsgId)}`
    case 'inputNotifyUsers':
      return 'users'
    case 'inputNotifyChats':
      return 'chats'
    default:
      return 'broadcasts'
  }
}

/** 400 CHANNEL_PRIVATE for a channel that the caller may not see (any more). */
async function requireVisible(peer: TlType<'InputPeer'>, context: CallContext): Promise<void> {
  const peerId = inputPeerId(peer, context)
  if (isChannelPeer(peerId)) await reach(context, chatIdOf(context.user, peerId))
}

function topicId(topMsgId: number): number {
  if (topMsgId <= 0) throw new RpcError(400, 'MSG_ID_INVALID')
  return topMsgId
}

function notifyPeer(scope: string): TlType<'NotifyPeer'> {
  if (scope === 'users') return { _: 'notifyUsers' }
  if (scope === 'chats') return { _: 'notifyChats' }
  if (scope === 'broadcasts') return { _: 'notifyBroadcasts' }
  const [peerId, topMsgId] = scope.split('/')
  const peer = renderPeer(Number(peerId))
  if (topMsgId === undefined) return { _: 'notifyPeer', peer }
  return { _: 'notifyForumTopic', peer, topMsgId: Number(topMsgId) }
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
