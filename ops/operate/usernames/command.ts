import { Command } from 'commander'
import { z } from 'zod'
import type { Fields } from '../../start/options/fields.ts'
import { JSON_FIELD, jsonOf, onStores } from '../open.ts'
import { tableOf } from '../table.ts'
import { givenTo, grant, revoke } from './change.ts'

const REASON_FIELD = {
  reason: { value: '<text>', description: 'why, for the audit', type: z.string().trim().default('') },
} as const satisfies Fields
const OWNER = 'user id, or c<id> of a channel or supergroup'

/** `heliograph usernames`: names that accounts and channels have beside the one that they chose. */
export function usernamesCommand(): Command {
  return new Command('usernames')
    .description('give accounts and channels more usernames than the one that they chose')
    .addCommand(changeCommand('grant', 'give a username that is free', grant))
    .addCommand(changeCommand('revoke', 'take a given username back, which frees it', revoke))
    .addCommand(listCommand())
}

function changeCommand(name: 'grant' | 'revoke', description: string, change: typeof grant): Command {
  const command = new Command(name).description(description).argument('<owner>', OWNER).argument('<username>')
  return onStores(command, REASON_FIELD, async (stores, { reason }, owner: string, username: string) => {
    const name = username.replace(/^@/, '')
    await change(stores, owner, name, reason)
    console.log(`${command.name()}: ${name} (${owner}), as soon as the actors run`)
  })
}

function listCommand(): Command {
  const command = new Command('list').description('list what an owner was given').argument('<owner>', OWNER)
  return onStores(command, JSON_FIELD, async (stores, { json }, owner: string) => {
    const given = await givenTo(stores, owner)
    if (json) return console.log(jsonOf(given))
    const table = tableOf('username', 'shown')
    for (const { username, active } of given) table.push([username, active ? 'yes' : 'no'])
    console.log(table.toString())
  })
}
