import { type Result, RpcError, type Tl } from '@heliograph/schemas/tl'
import { SERVICE_USER_ID, SERVICE_USER_NAME, SERVICE_USER_PHONE } from '../directory/service-user.ts'
import type { Handler, OpenHandler } from '../handler.ts'
import { renderUsers } from '../render/user.ts'

/** Clients ask again when this is over, and at once where it is not in the future. */
const ASK_AGAIN_SECONDS = 3600

export const getTermsOfServiceUpdate: OpenHandler<'help.getTermsOfServiceUpdate'> = (_, { now }) => ({
  _: 'help.termsOfServiceUpdateEmpty',
  expires: now + ASK_AGAIN_SECONDS,
})

/** There are no terms to accept; what names none is 400 DATA_JSON_INVALID all the same. */
export const acceptTermsOfService: OpenHandler<'help.acceptTermsOfService'> = ({ id }) => {
  try {
    JSON.parse(id.data)
  } catch {
    throw new RpcError(400, 'DATA_JSON_INVALID')
  }
  return true
}

export const getPromoData: OpenHandler<'help.getPromoData'> = (_, { now }) => ({
  _: 'help.promoDataEmpty',
  expires: now + ASK_AGAIN_SECONDS,
})

export const getInviteText: OpenHandler<'help.getInviteText'> = (_, { services }) => ({
  _: 'help.inviteText',
  message: `Let us write to each other on ${SERVICE_USER_NAME}: ${services.config.publicUrl}`,
})

export const getSupport: Handler<'help.getSupport'> = async (
  _,
  { services, user, now },
): Promise<Result<'help.getSupport'>> => {
  const [support] = await renderUsers(services.directory, user, [SERVICE_USER_ID], now)
  return { _: 'help.support', phoneNumber: SERVICE_USER_PHONE, user: support! }
}

export const getSupportName: OpenHandler<'help.getSupportName'> = () => ({
  _: 'help.supportName',
  name: SERVICE_USER_NAME,
})

/** Notes about users are for support staff. */
export const getUserInfo: OpenHandler<'help.getUserInfo'> = () => {
  throw new RpcError(400, 'USER_INVALID')
}

/** Clients draw these seven by themselves (core.telegram.org/api/colors). */
const BUILT_IN_COLORS = 7
const COLORS_HASH = 1
const COLORS: Tl<'help.peerColors'> = {
  _: 'help.peerColors',
  hash: COLORS_HASH,
  colors: Array.from({ length: BUILT_IN_COLORS }, (_, colorId) => ({ _: 'help.peerColorOption', colorId })),
}

export const getPeerColors: OpenHandler<'help.getPeerColors'> = (call) =>
  call.hash === COLORS_HASH ? { _: 'help.peerColorsNotModified' } : COLORS

export const getPeerProfileColors: OpenHandler<'help.getPeerProfileColors'> = () => ({
  _: 'help.peerColors',
  hash: 0,
  colors: [],
})
