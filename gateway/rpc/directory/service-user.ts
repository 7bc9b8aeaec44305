export { SERVICE_USER_ID } from '@heliograph/schemas/avro'

/** How the account in whose name the server itself writes, such as a log-in code, is shown. */
export const SERVICE_USER_NAME = 'Heliograph'
/** The phone number that clients expect of that account. */
export const SERVICE_USER_PHONE = '42777'
