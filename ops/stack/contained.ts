import { LOOPBACK } from './ports.ts'
import { IMAGES, type ServerName } from './versions.ts'

/** How a server's image is run as one node for tests. */
export interface Contained {
  readonly image: string
  /** The port that clients use, by its name in the server's specification. */
  readonly purpose: string
  /** Inside the container; undefined where it is the same as outside. */
  readonly port?: number
  /** Given the port outside. */
  readonly environment: (port: number) => Record<string, string>
  readonly command?: readonly string[]
}

const nothing = () => ({})

export const CONTAINED: Readonly<Record<ServerName, Contained>> = {
  kafka: { image: IMAGES.kafka, purpose: 'client', environment: kafkaEnvironment },
  cassandra: {
    image: IMAGES.cassandra,
    purpose: 'client',
    port: 9042,
    environment: () => ({
      CASSANDRA_BROADCAST_RPC_ADDRESS: LOOPBACK,
      MAX_HEAP_SIZE: '768M',
      HEAP_NEWSIZE: '128M',
      JVM_EXTRA_OPTS: '-Dcassandra.skip_wait_for_gossip_to_settle=0 -Dcassandra.ring_delay_ms=1',
    }),
  },
  redis: {
    image: IMAGES.redis,
    purpose: 'client',
    port: 6379,
    environment: nothing,
    command: ['redis-server', '--save', '', '--appendonly', 'yes'],
  },
  seaweedfs: {
    image: IMAGES.seaweedfs,
    purpose: 'filer',
    port: 8888,
    environment: nothing,
    // The image would have every volume take its full size at once: seven of them for the first file.
    command: [
      ...['server', '-dir=/data', '-filer', '-volume.max=100'],
      ...['-master.volumeSizeLimitMB=256', '-master.volumePreallocate=false', '-master.telemetry=false'],
    ],
  },
  registry: { image: IMAGES.registryInMemory, purpose: 'http', port: 8080, environment: nothing },
}

/** The image turns `KAFKA_A_B` into the setting `a.b`; a setting given this way replaces the image's own file. */
function kafkaEnvironment(port: number): Record<string, string> {
  return {
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_NODE_ID: '1',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:29093',
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_INTER_BROKER_LISTENER_NAME: 'PLAINTEXT',
    KAFKA_LISTENERS: `PLAINTEXT://:${port},CONTROLLER://:29093`,
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${LOOPBACK}:${port}`,
    ...KAFKA_SINGLE_NODE,
  }
}

/** The settings of one node, that a production cluster would not have; see `servers/kafka.ts`. */
export const KAFKA_SINGLE_NODE = {
  KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  KAFKA_MESSAGE_MAX_BYTES: '4194304',
  KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
  KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
  KAFKA_GROUP_CONSUMER_MIN_SESSION_TIMEOUT_MS: '1000',
  KAFKA_GROUP_CONSUMER_MIN_HEARTBEAT_INTERVAL_MS: '100',
} as const
