import { signUpPerson } from '../traffic/people.ts'
import type { Prepare } from './activity.ts'

/** Sign-ups under way at once; the server is not asked for more. */
const MAX_UNDER_WAY = 32

/** A new person makes a key, signs up and is gone. */
export const signUp: Prepare<'sign-up'> = ({ meter, targets, phones }) => {
  let underWay = 0
  let count = 0
  return {
    kind: 'weighted',
    occur() {
      if (underWay === MAX_UNDER_WAY) return meter.error('sign-up: too many under way')
      underWay++
      signUpPerson(targets, count++, phones.next())
        .then(
          ({ link }) => {
            meter.signedUp()
            link.close()
          },
          (error: Error) => meter.error(`sign-up: ${error.message}`),
        )
        .finally(() => underWay--)
    },
  }
}
