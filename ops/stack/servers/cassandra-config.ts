import { join } from 'node:path'
import { LOOPBACK, type Ports, portOf } from '../ports.ts'

/** What Cassandra 5's own options for Java 17 open to it. */
const EXPORTED = [
  ...['java.base/jdk.internal.misc', 'java.base/jdk.internal.ref', 'java.base/sun.nio.ch'],
  ...['java.base/java.lang.ref', 'java.management.rmi/com.sun.jmx.remote.internal.rmi'],
  ...[
    'java.rmi/sun.rmi.registry',
    'java.rmi/sun.rmi.server',
    'java.sql/java.sql',
    'jdk.unsupported/sun.misc',
  ],
]
const OPENED = [
  ...['java.lang', 'java.lang.module', 'java.io', 'java.nio', 'java.util', 'java.util.concurrent'],
  ...['java.util.concurrent.atomic', 'jdk.internal.loader', 'jdk.internal.ref', 'jdk.internal.reflect'],
  ...['jdk.internal.math', 'jdk.internal.module', 'jdk.internal.util.jar', 'sun.nio.ch'],
].map((name) => `java.base/${name}`)

export const MODULE_FLAGS = [
  '-Djdk.attach.allowAttachSelf=true',
  ...EXPORTED.flatMap((name) => ['--add-exports', `${name}=ALL-UNNAMED`]),
  ...[...OPENED, 'jdk.management/com.sun.management.internal'].flatMap((name) => [
    '--add-opens',
    `${name}=ALL-UNNAMED`,
  ]),
]

export const LOGBACK = `<configuration>
  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d{HH:mm:ss.SSS} %-5level %logger{24} %msg%n</pattern></encoder>
  </appender>
  <root level="WARN"><appender-ref ref="OUT"/></root>
</configuration>
`

/**
 * One node on loopback. The commit log is mapped memory, written before the answer: it outlives a killed process, not a lost
 * machine; a cluster keeps further copies for that.
 */
export function serverYaml(data: string, ports: Ports): string {
  const storage = portOf(ports, 'storage')
  return `cluster_name: heliograph
num_tokens: 1
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters: [{ seeds: "${LOOPBACK}:${storage}" }]
listen_address: ${LOOPBACK}
rpc_address: ${LOOPBACK}
storage_port: ${storage}
native_transport_port: ${portOf(ports, 'client')}
start_native_transport: true
data_file_directories: ["${join(data, 'tables')}"]
commitlog_directory: "${join(data, 'commitlog')}"
hints_directory: "${join(data, 'hints')}"
saved_caches_directory: "${join(data, 'saved_caches')}"
cdc_raw_directory: "${join(data, 'cdc_raw')}"
commitlog_sync: periodic
commitlog_sync_period: 10s
commitlog_disk_access_mode: legacy
commitlog_segment_size: 16MiB
auto_snapshot: false
concurrent_reads: 16
concurrent_writes: 32
memtable_heap_space: 96MiB
memtable_offheap_space: 96MiB
key_cache_size: 16MiB
file_cache_size: 64MiB
`
}
