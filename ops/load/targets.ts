import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import type { LoadTarget } from '../bench/load/user.ts'

const HOST_PORT = /^(?:\[(?<v6>[0-9a-fA-F:]+)\]|(?<host>[^\s:]+)):(?<port>\d{1,5})$/
const endpoints = z.object({ tcp: z.string(), rsaPublicKey: z.string() })

/** How a person names the gateways: files that a server wrote, or addresses with one key. */
export interface TargetFlags {
  readonly server?: readonly string[]
  readonly tcp?: readonly string[]
  readonly key?: string
  readonly loginCode: string
}

/** @throws Error with one line where a file is missing or an address makes no sense */
export async function readTargets({
  server = [],
  tcp = [],
  key,
  loginCode,
}: TargetFlags): Promise<LoadTarget[]> {
  const targets = await Promise.all(server.map((path) => fromEndpoints(path, loginCode)))
  if (tcp.length > 0) {
    if (key === undefined) throw new Error('--tcp needs --key, the PEM file of the server’s public key')
    const publicKeyPem = await textOf(key)
    for (const address of tcp) targets.push({ ...hostPort(address), publicKeyPem, loginCode })
  }
  if (targets.length === 0)
    throw new Error('name a server: --server endpoints.json, or --tcp HOST:PORT --key PEM')
  return targets
}

async function fromEndpoints(path: string, loginCode: string): Promise<LoadTarget> {
  const parsed = endpoints.safeParse(JSON.parse(await textOf(path)))
  if (!parsed.success) throw new Error(`${path} is no endpoints file: ${z.prettifyError(parsed.error)}`)
  const { tcp, rsaPublicKey } = parsed.data
  const publicKeyPem = await textOf(resolve(dirname(path), rsaPublicKey))
  return { ...hostPort(tcp), publicKeyPem, loginCode }
}

async function textOf(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) throw new Error(`${path} cannot be read`)
  return text
}

function hostPort(address: string): { host: string; port: number } {
  const groups = HOST_PORT.exec(address)?.groups
  if (groups === undefined) throw new Error(`${address}: expected HOST:PORT, such as 127.0.0.1:2443`)
  return { host: groups.v6 ?? groups.host ?? '', port: Number(groups.port) }
}
