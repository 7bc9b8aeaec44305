export { createDerivatives, SYSTEM_PROGRAMS } from '../media/create-derivatives.ts'
export type { Derivatives } from '../media/derivatives.ts'
export { accessHash } from './access-hash.ts'
export { isUsername, MIN_COLLECTED_LENGTH } from './account/names.ts'
export type { Mailer } from './auth/mailer.ts'
export {
  type FloodClass,
  type FloodLimits,
  type GatewayConfig,
  GENEROUS_FLOOD_LIMITS,
  gatewayConfig,
  PUBLIC_FLOOD_LIMITS,
} from './config.ts'
export { createDispatch } from './dispatch.ts'
export type { CallContext, Handlers, OpenContext, Registered, Status } from './handler.ts'
export { sessionOrigin } from './origin.ts'
export { ONLINE_SECONDS, setOffline, setOnline } from './presence.ts'
export { answeredBySession, handlerGroups, handlers } from './registry.ts'
export { createServices, type GatewayPorts, type Logger, type LoginCodes, type Services } from './services.ts'
export { contentBlob, contentKeyOf, contentName } from './upload/content-store.ts'
export { createDocument, type FileValue, MEDIA_SCOPE, openDescription } from './upload/documents.ts'
export { FILE_LINK_PREFIX, fileLink, type GivenFile, openLinkedFile } from './upload/links.ts'
export { type Swept, startSweeping, sweepMedia } from './upload/sweep.ts'
export { fileOfBytes } from './upload/uploaded.ts'
