import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StoreEnvironment } from '@heliograph/storage/lmdb'
import { describeLog } from '@heliograph/topics/contract'
import { LmdbLog } from '@heliograph/topics/lmdb'

describeLog('LmdbLog over LMDB', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'heliograph-log-'))
  let environment = await StoreEnvironment.open(directory)
  let log = new LmdbLog(environment)
  const close = async () => {
    await log.close()
    await environment.close()
  }
  return {
    log,
    reopen: async () => {
      await close()
      environment = await StoreEnvironment.open(directory)
      log = new LmdbLog(environment)
      return log
    },
    dispose: async () => {
      await close()
      rmSync(directory, { recursive: true })
    },
  }
})
