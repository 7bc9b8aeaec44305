/** An append that is not acknowledged after this is `LogUnavailable`. */
export const APPEND_TIMEOUT_MS = 10_000
/** Any other call. */
export const OPERATION_TIMEOUT_MS = 10_000
/** A broker that answers nothing for this long is taken for gone, and the connection is closed. */
export const REQUEST_TIMEOUT_MS = 5_000
export const CONNECT_TIMEOUT_MS = 3_000
/** How often a failed call is repeated: the wait doubles up to the limit. */
export const FIRST_BACKOFF_MS = 25
export const MAX_BACKOFF_MS = 1_000

/** Appends of a partition that wait go out as one batch of at most this; a larger append goes alone. */
export const MAX_BATCH_BYTES = 512 * 1024
/** What may wait to be acknowledged, over all partitions; beyond it appends are refused as `LogUnavailable`. */
export const MAX_UNACKNOWLEDGED_BYTES = 64 * 1024 * 1024

/** How long a broker holds a fetch for which it has no record. */
export const TAIL_WAIT_MS = 500
/** The same where cursors that were just opened or resumed must be able to join in. */
export const CATCH_UP_WAIT_MS = 20
export const MAX_FETCH_BYTES = 8 * 1024 * 1024
export const MAX_FETCH_PARTITION_BYTES = 256 * 1024
/** A cursor whose reader leaves this much unread is not read ahead for. */
export const MAX_PREFETCH_BYTES = 1024 * 1024

/** A member that is silent for this long has lost its partitions. */
export const SESSION_TIMEOUT_MS = 3_000
export const HEARTBEAT_MS = 500
/** What a new member that owns nothing yet does instead, so many times. */
export const QUICK_BEAT_MS = 50
export const MAX_QUICK_BEATS = 40
/** A revoked partition is given up after this, whether or not its owner has stopped; the fence keeps that safe. */
export const REVOKE_TIMEOUT_MS = 5_000
/** A member that has not given up within this is put out of the group by the broker. */
export const REBALANCE_TIMEOUT_MS = 10_000

export const DEFAULT_MAX_REPLICAS = 3
export const MS_PER_DAY = 86_400_000
