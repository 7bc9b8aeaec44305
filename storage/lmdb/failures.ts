/** Expected failure: the disk is full, unwritable or damaged. The message is one line for whoever runs the server. */
export class StorageFailed extends Error {}

/** Expected failure: another process has the data directory. */
export class DataDirectoryInUse extends Error {}

/** One line from whatever the store threw; commit errors of lmdb-js carry their reason in a promise. */
export async function storageFailure(action: string, error: unknown): Promise<StorageFailed> {
  const { commitError } = error as { commitError?: Promise<never> }
  const reason = commitError === undefined ? error : await reasonOf(commitError)
  const text = reason instanceof Error ? reason.message : String(reason)
  return new StorageFailed(`cannot ${action}: ${text.split('\n')[0]}`)
}

async function reasonOf(commitError: Promise<never>): Promise<unknown> {
  try {
    return await commitError
  } catch (reason) {
    return reason
  }
}
