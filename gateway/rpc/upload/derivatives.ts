import { createDerivatives } from '../../media/create-derivatives.ts'
import type { Derivatives } from '../../media/derivatives.ts'
import type { Services } from '../services.ts'

const made = new WeakMap<object, Promise<Derivatives>>()

/** What makes sizes and thumbs for these services. */
export function derivativesOf(services: Pick<Services, 'derivatives' | 'blobs'>): Promise<Derivatives> {
  if (services.derivatives !== undefined) return Promise.resolve(services.derivatives)
  let derivatives = made.get(services.blobs)
  if (derivatives === undefined) {
    derivatives = createDerivatives({ programs: undefined, notice: () => undefined })
    made.set(services.blobs, derivatives)
  }
  return derivatives
}
