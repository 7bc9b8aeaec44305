import type { UserId } from '@heliograph/schemas/avro'

/** The account in whose name the server itself writes, such as a log-in code; clients know the number. */
export const SERVICE_USER_ID = 777000 as UserId
export const SERVICE_USER_NAME = 'Heliograph'
/** The phone number that clients expect of that account. */
export const SERVICE_USER_PHONE = '42777'
