import { join } from 'node:path'
import { WrappedKeyring } from '@heliograph/storage'
import { masterKey } from '@heliograph/storage/files'
import { Command } from 'commander'
import { z } from 'zod'
import { MASTER_KEY_FILE } from '../../start/embedded.ts'
import { type Fields, flagsOf, type OptionsOf, parseOptions } from '../../start/options/fields.ts'
import { STORE_FIELDS, type StoreOptions } from '../../start/options/stores.ts'
import { serversOf } from '../../start/stores.ts'
import { audit } from '../audit.ts'
import { flag, type Opened, onStores, withStores } from '../open.ts'
import { ProgressLine } from '../replay/progress.ts'
import { confirm } from './confirm.ts'
import { expectNoOldKey, install, isSameKey, nextSteps } from './rotate.ts'
import { KINDS, type Kind, scopeOf, shred } from './shred.ts'

const YES = { yes: flag('do not ask') }
const SHRED_FIELDS = {
  ...YES,
  reason: { value: '<text>', description: 'why, for the audit', type: z.string('is needed').trim().min(1) },
} as const satisfies Fields
const ROTATE_FIELDS = {
  ...STORE_FIELDS,
  ...YES,
  newMaster: {
    value: '<file>',
    description: 'the new master key; made where there is no such file',
    type: z.string('is needed').min(1),
  },
} as const satisfies Fields

/** `heliograph keys`: the master key, and the data keys under it. */
export function keysCommand(): Command {
  const command = new Command('keys').description('change the master key; erase what a data key seals')
  command.addCommand(rotateCommand())
  const shredding = new Command('shred').description(
    'erase a data key: what it seals cannot be read by anybody any more',
  )
  for (const kind of KINDS) shredding.addCommand(shredCommand(kind))
  return command.addCommand(shredding)
}

function shredCommand(kind: Kind): Command {
  const what =
    kind === 'chat' ? 'all messages of a chat so far' : 'profile, contacts, drafts and settings of a user'
  const command = new Command(kind).description(`erase ${what}`).argument('<id>')
  return onStores(command, SHRED_FIELDS, async (stores, { reason, yes }, id: string) => {
    const scope = scopeOf(kind, id)
    if (!yes) await confirm(`This erases ${what}, for ever. Type the id again:`, id)
    await shred(stores, scope, reason)
    console.log(`erased: ${what} (${id})`)
  })
}

function rotateCommand(): Command {
  const command = new Command('rotate').description('wrap all data keys by a new master key')
  for (const [flags, text] of flagsOf(ROTATE_FIELDS)) command.option(flags, text)
  return command.action(async (flags: Record<string, unknown>) => {
    const options = parseOptions(ROTATE_FIELDS, flags, process.env)
    const path = join(options.data, MASTER_KEY_FILE)
    await masterKey(path)
    const master = await masterKey(options.newMaster)
    const isCurrent = await isSameKey(path, options.newMaster)
    if (!isCurrent) await beforeRotation(options, path)
    const otherMasters = isCurrent ? options.otherMasters : [...options.otherMasters, options.newMaster]
    const wasEmbedded = await rewrap({ ...options, otherMasters }, master)
    for (const line of await afterRotation(options.newMaster, path, isCurrent, wasEmbedded)) console.log(line)
  })
}

/** Roles that know only the old key could read nothing any more. */
async function beforeRotation(options: OptionsOf<typeof ROTATE_FIELDS>, path: string): Promise<void> {
  if ((await serversOf(options)) === undefined) return expectNoOldKey(path)
  if (options.yes) return
  const question = `Has every role been started with --other-masters naming a copy of ${options.newMaster}? Type yes:`
  await confirm(question, 'yes')
}

async function rewrap(options: StoreOptions, master: Buffer): Promise<boolean> {
  let wasEmbedded = false
  await withStores(options, async (stores) => {
    await audit(stores, 'rotate the master key', '')
    const progress = new ProgressLine('rotate', 'keys')
    const rotation = await keyringOf(stores).rewrap(master, ({ rewrapped, untouched }) =>
      progress.update(rewrapped + untouched),
    )
    progress.end()
    console.log(`${rotation.rewrapped} keys wrapped anew, ${rotation.untouched} were already`)
    await stores.log.barrier()
    wasEmbedded = stores.embedded
  })
  return wasEmbedded
}

async function afterRotation(newPath: string, path: string, isCurrent: boolean, embedded: boolean) {
  if (!embedded) return nextSteps(newPath, isCurrent)
  if (isCurrent) return [`${path} is the new key already`]
  const old = await install(newPath, path)
  return [`${path} is the new key now; the old one is ${old}: destroy it when the server has started again`]
}

function keyringOf({ keyring }: Opened): WrappedKeyring {
  if (!(keyring instanceof WrappedKeyring)) throw new Error('the keyring of these stores has no master key')
  return keyring
}
