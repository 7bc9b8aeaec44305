import { Command } from 'commander'
import { type Fields, flagsOf, type OptionsOf, parseOptions } from './options/fields.ts'
import { ACTORS_ROLE_FIELDS, GATEWAY_ROLE_FIELDS, START_FIELDS } from './options/options.ts'
import { type RunningProcess, serve, serveActors, serveGateway } from './serve.ts'
import { untilInterrupted } from './until-interrupted.ts'

/** `heliograph start`: gateway and actors in one process, on the embedded stores or on servers. */
export function startCommand(): Command {
  return roleCommand('start', 'run the whole messenger in one process', START_FIELDS, serve)
}

/** `heliograph gateway`: one of any number of gateways; needs actors elsewhere. */
export function gatewayCommand(): Command {
  const description = 'run a gateway on the servers that are named'
  return roleCommand('gateway', description, GATEWAY_ROLE_FIELDS, serveGateway)
}

/** `heliograph actors`: one of any number of actor processes, which share the partitions. */
export function actorsCommand(): Command {
  const description = 'run actors on the servers that are named'
  return roleCommand('actors', description, ACTORS_ROLE_FIELDS, serveActors)
}

function roleCommand<F extends Fields>(
  name: string,
  description: string,
  fields: F,
  run: (options: OptionsOf<F>) => Promise<RunningProcess>,
): Command {
  const command = new Command(name).description(description)
  for (const [flag, text] of flagsOf(fields)) command.option(flag, text)
  return command.action(async (flags: Record<string, unknown>) => {
    await untilInterrupted(await run(parseOptions(fields, flags, process.env)))
  })
}
