import type { Tl } from '@heliograph/schemas/tl'
import { empty, type Handlers } from '../handler.ts'

/** There is nothing to pay for. */
const noStars: Tl<'payments.starsStatus'> = {
  _: 'payments.starsStatus',
  balance: { _: 'starsAmount', amount: 0n, nanos: 0 },
  chats: [],
  users: [],
}

export const paymentHandlers: Handlers = {
  'payments.getStarsStatus': empty(() => noStars),
  'payments.getStarsTransactions': empty(() => noStars),
  'payments.getStarsTransactionsByID': empty(() => noStars),
  'payments.getStarsSubscriptions': empty(() => noStars),
  'payments.getStarsTopupOptions': empty(() => []),
  'payments.getStarsGiftOptions': empty(() => []),
  'payments.getStarsGiveawayOptions': empty(() => []),
  'payments.getPremiumGiftCodeOptions': empty(() => []),
  'payments.getStarGifts': empty(() => ({
    _: 'payments.starGifts',
    hash: 0,
    gifts: [],
    chats: [],
    users: [],
  })),
  'payments.getSavedStarGifts': empty(() => ({
    _: 'payments.savedStarGifts',
    count: 0,
    gifts: [],
    chats: [],
    users: [],
  })),
  'payments.getStarGiftActiveAuctions': empty(() => ({
    _: 'payments.starGiftActiveAuctions',
    auctions: [],
    users: [],
    chats: [],
  })),
  'payments.getStarGiftCollections': empty(() => ({ _: 'payments.starGiftCollections', collections: [] })),
  'payments.getConnectedStarRefBots': empty(() => ({
    _: 'payments.connectedStarRefBots',
    count: 0,
    connectedBots: [],
    users: [],
  })),
  'payments.getSuggestedStarRefBots': empty(() => ({
    _: 'payments.suggestedStarRefBots',
    count: 0,
    suggestedBots: [],
    users: [],
  })),
  'payments.getSavedInfo': empty(() => ({ _: 'payments.savedInfo' })),
  'premium.getMyBoosts': empty(() => ({ _: 'premium.myBoosts', myBoosts: [], chats: [], users: [] })),
}
