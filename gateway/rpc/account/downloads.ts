import type { PeerId } from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { renderNamed } from '../messages/answers.ts'
import { inputPeerId } from '../peers.ts'
import { renderPeer } from '../render/peer.ts'
import { listSettings, tlValue, writeSetting, writeTlSetting } from '../settings.ts'

/** What a client downloads by itself, and what it saves of that: kept for the account's other devices. */

const DOWNLOAD_PREFIX = 'auto-download:'
const SAVE_PREFIX = 'auto-save:'
const MIB = 1024 * 1024
const VIDEO_BITRATE = 100
type Level = 'low' | 'medium' | 'high'

/** Until somebody chooses. Sizes in MiB. */
const DOWNLOADS: Readonly<Record<Level, Tl<'autoDownloadSettings'>>> = {
  low: download(0, 0),
  medium: download(10, 1),
  high: download(15, 3),
}
const NOTHING_SAVED: Tl<'autoSaveSettings'> = { _: 'autoSaveSettings' }

function download(videoMib: number, fileMib: number): Tl<'autoDownloadSettings'> {
  return {
    _: 'autoDownloadSettings',
    photoSizeMax: MIB,
    videoSizeMax: videoMib * MIB,
    fileSizeMax: fileMib * MIB,
    videoUploadMaxbitrate: VIDEO_BITRATE,
    smallQueueActiveOperationsMax: 0,
    largeQueueActiveOperationsMax: 0,
  }
}

export const getAutoDownloadSettings: Handler<'account.getAutoDownloadSettings'> = async (_, context) => {
  const stored = await valuesOf(context, DOWNLOAD_PREFIX, 'autoDownloadSettings')
  const of = (level: Level) => stored.get(level) ?? DOWNLOADS[level]
  return { _: 'account.autoDownloadSettings', low: of('low'), medium: of('medium'), high: of('high') }
}

export const saveAutoDownloadSettings: Handler<'account.saveAutoDownloadSettings'> = async (
  { low, high, settings },
  context,
) => {
  const level: Level = low ? 'low' : high ? 'high' : 'medium'
  await writeTlSetting(context, DOWNLOAD_PREFIX + level, settings)
  return true
}

export const getAutoSaveSettings: Handler<'account.getAutoSaveSettings'> = async (_, context) => {
  const stored = await valuesOf(context, SAVE_PREFIX, 'autoSaveSettings')
  const of = (scope: string) => stored.get(scope) ?? NOTHING_SAVED
  const exceptions = [...stored].filter(([scope]) => Number.isInteger(Number(scope)))
  const peers = exceptions.map(([scope]) => Number(scope) as PeerId)
  return {
    _: 'account.autoSaveSettings',
    usersSettings: of('users'),
    chatsSettings: of('chats'),
    broadcastsSettings: of('broadcasts'),
    exceptions: exceptions.map(([scope, settings]) => ({
      _: 'autoSaveException',
      peer: renderPeer(Number(scope) as PeerId),
      settings,
    })),
    ...(await renderNamed(context, peers)),
  }
}

export const saveAutoSaveSettings: Handler<'account.saveAutoSaveSettings'> = async (call, context) => {
  for (const scope of scopesOf(call, context))
    await writeTlSetting(context, SAVE_PREFIX + scope, call.settings)
  return true
}

export const deleteAutoSaveExceptions: Handler<'account.deleteAutoSaveExceptions'> = async (_, context) => {
  const stored = await valuesOf(context, SAVE_PREFIX, 'autoSaveSettings')
  for (const scope of stored.keys()) {
    if (Number.isInteger(Number(scope))) await writeSetting(context, SAVE_PREFIX + scope, null)
  }
  return true
}

function scopesOf(
  call: {
    readonly users?: boolean | undefined
    readonly chats?: boolean | undefined
    readonly broadcasts?: boolean | undefined
    readonly peer?: TlType<'InputPeer'> | undefined
  },
  context: CallContext,
): string[] {
  const kinds = (['users', 'chats', 'broadcasts'] as const).filter((kind) => call[kind])
  return call.peer === undefined ? kinds : [...kinds, String(inputPeerId(call.peer, context))]
}

/** Stored values by what stands behind the prefix. */
async function valuesOf<N extends 'autoDownloadSettings' | 'autoSaveSettings'>(
  { services, user }: CallContext,
  prefix: string,
  name: N,
): Promise<Map<string, Tl<N>>> {
  const found = await listSettings(services, user, prefix)
  return new Map(
    found.flatMap((each) => {
      const value = tlValue(each.value, name)
      return value === undefined ? [] : [[each.name.slice(prefix.length), value] as const]
    }),
  )
}
