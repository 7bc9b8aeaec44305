import '../../start/garbage.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { connectLink, type LoadTarget, type LoadUser, signUp } from '../load/user.ts'
import { type BenchServer, startBenchServer } from '../server.ts'
import { sharesIn } from './profile.ts'
import { sameFile } from './same.ts'
import { download, randomParts, sendUploaded, upload } from './transfer.ts'

const MIB = 1024 * 1024
const SAMPLE_MS = 250
const SHOWN_SHARES = 12

interface Options {
  readonly connections: string
  readonly mib: string
  readonly rounds: string
  readonly profile?: boolean
  readonly servers?: string
  readonly same?: string
}

/** What one phase of the program measured. */
interface Phase {
  readonly megabytesPerSecond: number
  readonly cpuSeconds: number
  readonly maxResidentMib: number
}

async function phase(server: BenchServer, run: (onBytes: (bytes: number) => void) => Promise<void>) {
  let [bytes, maxResident] = [0, 0]
  const before = await server.usage()
  const timer = setInterval(async () => {
    maxResident = Math.max(maxResident, (await server.usage()).privateBytes)
  }, SAMPLE_MS)
  const begun = performance.now()
  await run((more) => {
    bytes += more
  })
  const seconds = (performance.now() - begun) / 1000
  clearInterval(timer)
  const after = await server.usage()
  const result: Phase = {
    megabytesPerSecond: bytes / 1e6 / seconds,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    maxResidentMib: Math.max(maxResident, after.privateBytes) / MIB,
  }
  return result
}

function line(name: string, { megabytesPerSecond, cpuSeconds, maxResidentMib }: Phase): string {
  return `${name.padEnd(10)} ${megabytesPerSecond.toFixed(0)} MB/s, server CPU ${cpuSeconds.toFixed(1)} s, private memory up to ${maxResidentMib.toFixed(0)} MiB`
}

async function users(server: BenchServer, count: number): Promise<LoadUser[]> {
  const [host = '', port = ''] = server.endpoints.tcp.split(':')
  const publicKeyPem = await server.publicKeyPem()
  const target: LoadTarget = { host, port: Number(port), publicKeyPem, loginCode: server.loginCode }
  const all: LoadUser[] = []
  for (let i = 0; i < count; i++)
    all.push(await signUp(await connectLink(target), `+9996630${String(i).padStart(4, '0')}`, target))
  return all
}

async function bench(options: Options): Promise<void> {
  const profiles = options.profile === true ? await mkdtemp(join(tmpdir(), 'heliograph-profile-')) : undefined
  const flags = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`]
  const server = await startBenchServer(flags, options.servers)
  try {
    if (options.same !== undefined) return await same(server, Number(options.same), Number(options.mib) * MIB)
    const all = await users(server, Number(options.connections))
    const files = all.map(() => randomParts(Number(options.mib) * MIB))
    const ids: bigint[] = []
    const up = await phase(server, async (onBytes) => {
      ids.push(...(await Promise.all(all.map((user, i) => upload(user, files[i]!, onBytes)))))
    })
    console.log(line('upload', up))
    const sent = await timed('finish', () =>
      Promise.all(all.map((user, i) => sendUploaded(user, ids[i]!, files[i]!))),
    )
    await Promise.all(all.map((user, i) => download(user, sent[i]!, () => undefined, true)))
    for (let round = 0; round < Number(options.rounds); round++) {
      const down = await phase(server, async (onBytes) => {
        await Promise.all(all.map((user, i) => download(user, sent[i]!, onBytes)))
      })
      console.log(line('download', down))
    }
    for (const { link } of all) link.close()
  } finally {
    await server.dispose()
  }
  if (profiles === undefined) return
  for (const { name, share } of await sharesIn(profiles, SHOWN_SHARES))
    console.log(`${(share * 100).toFixed(1).padStart(5)} %  ${name}`)
  await rm(profiles, { recursive: true })
}

async function same(server: BenchServer, senders: number, bytes: number): Promise<void> {
  const { storedBytes, storedBlobs, partBytes } = await sameFile(server, senders, bytes)
  const more = ((storedBytes / bytes - 1) * 100).toFixed(3)
  console.log(
    `${senders} sent the same ${bytes} bytes: ${storedBytes} in ${storedBlobs} blobs (${more} % more than one copy), ${partBytes} of parts`,
  )
}

async function timed<T>(name: string, run: () => Promise<T>): Promise<T> {
  const begun = performance.now()
  const result = await run()
  console.log(`${name.padEnd(10)} ${((performance.now() - begun) / 1000).toFixed(2)} s`)
  return result
}

const program = new Command('bench:files')
  .description('Upload and download through MTProto, against a server of its own')
  .option('--connections <n>', 'at the same time, each with a file of its own', '4')
  .option('--mib <n>', 'size of each file', '64')
  .option('--rounds <n>', 'how often all are downloaded', '3')
  .option('--profile', "the server's CPU profile: what takes how much of its time")
  .option('--same <n>', 'in place of that: so many people send the same file; what the store holds then')
  .option('--servers <file>', 'on the servers that this file names (`heliograph stack`)')
  .action(bench)

program.parseAsync().catch((error: Error) => {
  console.error(`bench:files: ${error.message}`)
  process.exitCode = 1
})
