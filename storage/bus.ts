/** `record` is what `payload` says, where publisher and handler are in one process: it need not be read again, and nobody may change it. */
export type BusHandler = (payload: Buffer, record?: object) => void
export interface Subscription {
  close(): void
}
/** Publish and subscribe, at most once: a message may be lost at any time; each publisher's order is kept. */
export interface Bus {
  /** Returns at once; a failure to deliver is a lost message. */
  publish(channel: string, payload: Buffer, record?: object): void
  subscribe(channel: string, handler: BusHandler): Promise<Subscription>
  close(): Promise<void>
}

export const gatewayChannel = (node: string): string => `gateway:${node}`
export const userChannel = (userId: number): string => `user:${userId}`
/** To all gateways: an auth key of no user was destroyed. Rare, since keys are used to log in. */
export const AUTH_KEYS_CHANNEL = 'auth-keys'
/** What happens in a group or channel, for the gateways that have a member of it connected. */
export const chatChannel = (chatId: string): string => `chat:${chatId}`
export const presenceChannel = (userId: number): string => `presence:${userId}`
