import type { Tl, TlType } from '@heliograph/schemas/tl'
import { type StampServices, stamped, stampedMedia, stampedWallPaper } from './stamp.ts'

/** What opens or seals a body; without a clock the system's is taken. */
interface Origin {
  readonly keyring: StampServices['keyring']
  readonly nowMs?: () => number
}

const origins = new WeakMap<object, StampServices>()

/**
 * Remembers with what a body with media was opened or sealed: whoever shows it has only the body, and access hashes and file
 * references are made with the deployment's keys.
 */
export function rememberOrigin(content: object, { keyring, nowMs }: Origin): void {
  origins.set(content, { keyring, nowMs: nowMs ?? Date.now })
}

/** The body's media as `viewer` may name it from now on. */
export function mediaFor(
  content: object,
  viewer: number,
  media: TlType<'MessageMedia'>,
): TlType<'MessageMedia'> {
  const origin = origins.get(content)
  return origin === undefined ? media : stampedMedia(origin, viewer, media)
}

/** As `mediaFor`, for what a service message says. */
export function actionFor(
  content: object,
  viewer: number,
  action: TlType<'MessageAction'>,
): TlType<'MessageAction'> {
  const origin = origins.get(content)
  if (origin === undefined) return action
  if (action._ === 'messageActionSetChatWallPaper')
    return { ...action, wallpaper: stampedWallPaper(origin, viewer, action.wallpaper) }
  if (!isOfPhoto(action)) return action
  return { ...action, photo: stamped(origin, viewer, action.photo) }
}

type PhotoAction = Tl<'messageActionChatEditPhoto'> | Tl<'messageActionSuggestProfilePhoto'>

const isOfPhoto = (action: TlType<'MessageAction'>): action is PhotoAction =>
  action._ === 'messageActionChatEditPhoto' || action._ === 'messageActionSuggestProfilePhoto'
