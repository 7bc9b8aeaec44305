import type { Result, Tl } from '@heliograph/schemas/tl'
import type { DataCentre } from '../config.ts'
import type { OpenHandler } from '../handler.ts'

const CONFIG_LIFE_SECONDS = 3600
/** Where the clients' users are is not known; clients want a country to begin with. */
const SOME_COUNTRY = 'US'
const FOR_EVER_SECONDS = 2 ** 31 - 1
const DAY_SECONDS = 24 * 3600

/** Limits and timings that clients take from the server (core.telegram.org/constructor/config). */
const LIMITS = {
  chatSizeMax: 200,
  megagroupSizeMax: 200_000,
  forwardedCountMax: 100,
  onlineUpdatePeriodMs: 210_000,
  offlineBlurTimeoutMs: 5_000,
  offlineIdleTimeoutMs: 30_000,
  onlineCloudTimeoutMs: 300_000,
  notifyCloudDelayMs: 30_000,
  notifyDefaultDelayMs: 1_500,
  pushChatPeriodMs: 60_000,
  pushChatLimit: 2,
  editTimeLimit: 2 * DAY_SECONDS,
  revokeTimeLimit: FOR_EVER_SECONDS,
  revokePmTimeLimit: FOR_EVER_SECONDS,
  ratingEDecay: 28 * DAY_SECONDS,
  stickersRecentLimit: 200,
  channelsReadMediaPeriod: 7 * DAY_SECONDS,
  callReceiveTimeoutMs: 20_000,
  callRingTimeoutMs: 90_000,
  callConnectTimeoutMs: 30_000,
  callPacketTimeoutMs: 10_000,
  captionLengthMax: 1024,
  messageLengthMax: 4096,
} as const

/** `tmpSessions` stays unset: clients would open that many sessions. */
export const getConfig: OpenHandler<'help.getConfig'> = (_, context): Result<'help.getConfig'> => {
  const { services, now, caller } = context
  const { dataCentre, otherDataCentreIds, testMode, publicUrl } = services.config
  const { id } = dataCentre
  // Who has come with another data centre in mind is sent on at its log-in; until then it would ask again and again.
  const thisDc = caller.userId === undefined ? (caller.dataCentreId ?? id) : id
  return {
    _: 'config',
    defaultP2pContacts: true,
    revokePmInbox: true,
    date: now,
    expires: now + CONFIG_LIFE_SECONDS,
    testMode,
    thisDc,
    dcOptions: [...new Set([id, thisDc, ...otherDataCentreIds])].flatMap((each) =>
      dcOptions(each, dataCentre),
    ),
    dcTxtDomainName: '',
    meUrlPrefix: `${publicUrl}/`,
    webfileDcId: dataCentre.id,
    ...LIMITS,
  }
}

/** Clients that keep connections for files of their own look for a `mediaOnly` one first. */
function dcOptions(id: number, { address, port }: DataCentre): Tl<'dcOption'>[] {
  const ipv6 = address.includes(':')
  const option = {
    _: 'dcOption',
    static: true,
    thisPortOnly: true,
    ...(ipv6 && { ipv6 }),
    id,
    ipAddress: address,
    port,
  } as const
  return [option, { ...option, mediaOnly: true }]
}

export const getNearestDc: OpenHandler<'help.getNearestDc'> = (_, { services }) => {
  const { id } = services.config.dataCentre
  return { _: 'nearestDc', country: SOME_COUNTRY, thisDc: id, nearestDc: id }
}

/** Nothing is served from elsewhere. */
export const getCdnConfig: OpenHandler<'help.getCdnConfig'> = () => ({ _: 'cdnConfig', publicKeys: [] })
