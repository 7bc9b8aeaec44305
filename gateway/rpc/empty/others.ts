import { empty, type Handlers } from '../handler.ts'
import { inputUserId } from '../peers.ts'

/** Photos, calls and bots. */
export const otherFeatureHandlers: Handlers = {
  'photos.getUserPhotos': empty((call, context) => {
    inputUserId(call.userId, context)
    return { _: 'photos.photos', photos: [], users: [] }
  }),
  'phone.getCallConfig': empty(() => ({ _: 'dataJSON', data: '{}' })),
  'bots.getPopularAppBots': empty(() => ({ _: 'bots.popularAppBots', users: [] })),
  'bots.getAdminedBots': empty(() => []),
  'bots.getBotRecommendations': empty(() => ({ _: 'users.users', users: [] })),
}
