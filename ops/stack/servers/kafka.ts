import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { javaProgram } from '../install/java.ts'
import { installArtifacts } from '../install/maven.ts'
import { exists, run } from '../install/run.ts'
import { LOOPBACK, type Ports, portOf } from '../ports.ts'
import { CHECK_MS, type ServerSpec } from '../spec.ts'
import { VERSIONS } from '../versions.ts'

const SCALA = '2.13'
const LOGGER = { group: 'org.slf4j', name: 'slf4j-simple', version: '1.7.36' }
const FLAGS = [
  ...['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError'],
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
]

export const kafka: ServerSpec = {
  name: 'kafka',
  readyMs: 60_000,
  stopMs: 30_000,
  wantedPorts: { client: 9092, controller: 9093 },

  install: async (cache, report) => {
    const dir = join(cache, `kafka-${VERSIONS.kafka}`, 'jars')
    const broker = { group: 'org.apache.kafka', name: `kafka_${SCALA}`, version: VERSIONS.kafka }
    await installArtifacts(dir, [broker, LOGGER], report)
    return dir
  },

  prepare: async ({ dir, home, ports }) => {
    const data = join(dir, 'data')
    const properties = join(dir, 'server.properties')
    await writeFile(properties, serverProperties(data, ports))
    const classes = ['-cp', join(home, '*')]
    if (!(await exists(join(data, 'meta.properties')))) {
      await run(javaProgram(), [
        ...FLAGS,
        ...classes,
        ...[
          'kafka.tools.StorageTool',
          'format',
          '-t',
          newClusterId(),
          '-c',
          properties,
          '--ignore-formatted',
        ],
      ])
    }
    return { command: javaProgram(), args: [...FLAGS, ...classes, 'kafka.Kafka', properties], cwd: dir }
  },

  endpoint: (ports) => `${LOOPBACK}:${portOf(ports, 'client')}`,
  check: describeCluster,
}

/** Random, in the form that Kafka wants; never with a dash in front, which its storage tool would take for an option. */
export function newClusterId(): string {
  const bytes = randomBytes(16)
  bytes[0]! &= 0x7f
  return bytes.toString('base64url')
}

/** One node that is broker and controller; internal topics in few partitions and one copy, groups without a wait. */
export function serverProperties(data: string, ports: Ports): string {
  const client = `${LOOPBACK}:${portOf(ports, 'client')}`
  const controller = `${LOOPBACK}:${portOf(ports, 'controller')}`
  const settings: Record<string, string | number> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${controller}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    listeners: `PLAINTEXT://${client},CONTROLLER://${controller}`,
    'advertised.listeners': `PLAINTEXT://${client}`,
    'log.dirs': data,
    'auto.create.topics.enable': 'false',
    'message.max.bytes': 4 << 20,
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // Members that died are missed as soon as their sessions say, down to these.
    'group.min.session.timeout.ms': 1000,
    'group.consumer.min.session.timeout.ms': 1000,
    'group.consumer.min.heartbeat.interval.ms': 100,
    // A broker that was killed is let in again when its last session is over, not before.
    'broker.session.timeout.ms': 3000,
    'broker.heartbeat.interval.ms': 500,
    'log.cleaner.dedupe.buffer.size': 32 << 20,
  }
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}

async function describeCluster(ports: Ports): Promise<void> {
  const client = new Kafka({
    clientId: 'heliograph-stack',
    brokers: [kafka.endpoint(ports)],
    connectionTimeout: CHECK_MS,
    requestTimeout: CHECK_MS,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  })
  const admin = client.admin()
  try {
    await admin.connect()
    const { brokers } = await admin.describeCluster()
    if (brokers.length === 0) throw new Error('Kafka has no broker that takes requests')
  } finally {
    await admin.disconnect()
  }
}
