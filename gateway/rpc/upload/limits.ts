const KIB = 1024
const MIB = 1024 * KIB
const GIB = 1024 * MIB

/** core.telegram.org/api/files#uploading-files: what a part may have, and a file of them. */
export const MAX_PART_BYTES = 512 * KIB
export const PART_UNIT_BYTES = KIB
export const MAX_PARTS = 4000
export const MAX_FILE_BYTES = MAX_PARTS * MAX_PART_BYTES
/** How long the parts of a file wait for the rest of them, and how long a finished one can be sent again. */
export const UPLOAD_SECONDS = 6 * 3600
/** What one user may upload within `UPLOAD_SECONDS`; and how long whoever has is told to wait. */
export const MAX_UPLOADED_BYTES_PER_USER = 16 * GIB
export const QUOTA_WAIT_SECONDS = 600
/** Bytes of parts that a gateway has received and not written yet; whoever brings more is told to come again. */
export const MAX_SAVING_BYTES = 256 * MIB
/** Uploads whose state a gateway remembers. */
export const MAX_REMEMBERED_UPLOADS = 10_000

/** core.telegram.org/api/files#downloading-files */
export const MAX_GIVEN_BYTES = MIB
export const OFFSET_UNIT_BYTES = 4 * KIB
export const PRECISE_UNIT_BYTES = KIB

/** How long a file reference is good for at least; less than a document's grace period by a wide margin. */
export const FILE_REFERENCE_SECONDS = 24 * 3600
/** Descriptions of documents that a gateway remembers. */
export const MAX_REMEMBERED_FILES = 20_000

/** Files that are read into memory as a whole, to make something of them. */
export const MAX_PHOTO_BYTES = 10 * MIB
/** The smallest size that clients show of a profile's picture: no side may be shorter. */
export const MIN_PROFILE_PHOTO_PX = 160
export const MAX_THUMB_BYTES = 200 * KIB
/** Larger videos are sent as their clients describe them. */
export const MAX_EXAMINED_BYTES = 256 * MIB
export const MAX_ATTRIBUTES = 16
export const MAX_FILE_NAME_LENGTH = 255
export const MAX_MIME_LENGTH = 127
export const MAX_AUDIO_TEXT_LENGTH = 255
export const MAX_WAVEFORM_BYTES = 64
