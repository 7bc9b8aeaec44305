import type { OpenHandler } from '../handler.ts'

/** The safe prime of 2048 bits that clients know (core.telegram.org/mtproto/auth_key); g = 3 generates its subgroup. */
const PRIME = Buffer.from(
  'c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f48198a0aa7c14058229493d22530f4dbfa336f6e0ac92513' +
    '9543aed44cce7c3720fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f642477fe96bb2a941d5bcd1d4ac8cc4988' +
    '0708fa9b378e3c4f3a9060bee67cf9a4a4a695811051907e162753b56b0f6b410dba74d8a84b2a14b3144e0ef1284754fd17ed950d5965b4' +
    'b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f' +
    '0d8115f635b105ee2e4e15d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b',
  'hex',
)
const GENERATOR = 3
const SALT_BYTES = 8
const SECURE_RANDOM_BYTES = 256

/** No account has a password; what a client would need to set one is valid all the same. */
export const getPassword: OpenHandler<'account.getPassword'> = (_, { services: { random } }) => ({
  _: 'account.password',
  newAlgo: {
    _: 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow',
    salt1: random(SALT_BYTES),
    salt2: random(SALT_BYTES),
    g: GENERATOR,
    p: PRIME,
  },
  newSecureAlgo: { _: 'securePasswordKdfAlgoPBKDF2HMACSHA512iter100000', salt: random(SALT_BYTES) },
  secureRandom: random(SECURE_RANDOM_BYTES),
})
