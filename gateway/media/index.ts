export { createDerivatives, type DerivativesOptions, SYSTEM_PROGRAMS } from './create-derivatives.ts'
export type * from './derivatives.ts'
export type { Programs } from './ffmpeg.ts'
