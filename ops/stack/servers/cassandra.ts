import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Client } from 'cassandra-driver'
import { checkJava, javaProgram, securityFlags } from '../install/java.ts'
import { installArtifacts } from '../install/maven.ts'
import { LOOPBACK, type Ports, portOf } from '../ports.ts'
import { CHECK_MS, type ServerSpec } from '../spec.ts'
import { VERSIONS } from '../versions.ts'
import { LOGBACK, MODULE_FLAGS, serverYaml } from './cassandra-config.ts'

const HEAP = ['-Xms512m', '-Xmx768m', '-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError']
/** A single node has nobody to wait for. */
const ALONE = [
  '-Dcassandra.skip_wait_for_gossip_to_settle=0',
  '-Dcassandra.ring_delay_ms=1',
  '-Dcassandra.superuser_setup_delay_ms=0',
]

export const cassandra: ServerSpec = {
  name: 'cassandra',
  readyMs: 120_000,
  stopMs: 30_000,
  wantedPorts: { client: 9042, storage: 7000, jmx: 7199 },

  install: async (cache, report) => {
    const dir = join(cache, `cassandra-${VERSIONS.cassandra}`, 'jars')
    const server = { group: 'org.apache.cassandra', name: 'cassandra-all', version: VERSIONS.cassandra }
    await installArtifacts(dir, [server], report)
    return dir
  },

  prepare: async ({ dir, home, ports }) => {
    const data = join(dir, 'data')
    await mkdir(data, { recursive: true })
    const [yaml, logback] = [join(dir, 'cassandra.yaml'), join(dir, 'logback.xml')]
    await Promise.all([writeFile(yaml, serverYaml(data, ports)), writeFile(logback, LOGBACK)])
    const args = [
      ...[...HEAP, ...ALONE, ...MODULE_FLAGS, ...securityFlags(await checkJava())],
      ...[`-javaagent:${await agent(home)}`, `-Dlogback.configurationFile=${logback}`],
      ...[`-Dcassandra.config=${pathToFileURL(yaml).href}`, `-Dcassandra.storagedir=${data}`],
      ...[`-Dcassandra.jmx.local.port=${portOf(ports, 'jmx')}`, '-cp', join(home, '*')],
      'org.apache.cassandra.service.CassandraDaemon',
    ]
    return { command: javaProgram(), args, cwd: dir }
  },

  endpoint: (ports) => `${LOOPBACK}:${portOf(ports, 'client')}`,
  check: query,
}

/** The agent that measures objects in memory; its version follows Cassandra's. */
async function agent(home: string): Promise<string> {
  const jar = (await readdir(home)).find((name) => /^jamm-.*\.jar$/.test(name))
  if (jar === undefined) throw new Error(`${home} is not whole: remove it and start again`)
  return join(home, jar)
}

async function query(ports: Ports): Promise<void> {
  const client = new Client({
    contactPoints: [cassandra.endpoint(ports)],
    localDataCenter: 'datacenter1',
    socketOptions: { connectTimeout: CHECK_MS, readTimeout: CHECK_MS },
  })
  try {
    await client.connect()
    await client.execute('SELECT release_version FROM system.local')
  } finally {
    await client.shutdown()
  }
}
