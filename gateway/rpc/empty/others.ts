import { empty, type Handlers } from '../handler.ts'

/** Calls and bots. */
export const otherFeatureHandlers: Handlers = {
  'phone.getCallConfig': empty(() => ({ _: 'dataJSON', data: '{}' })),
  'bots.getPopularAppBots': empty(() => ({ _: 'bots.popularAppBots', users: [] })),
  'bots.getAdminedBots': empty(() => []),
  'bots.getBotRecommendations': empty(() => ({ _: 'users.users', users: [] })),
}
