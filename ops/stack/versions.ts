/** The versions that the real stack runs, by npm, Maven, Debian and PyPI here and as container images in `ops/deploy`. */
export const VERSIONS = {
  kafka: '4.4.0',
  cassandra: '5.0.5',
  redis: '7.0.15',
  seaweedfs: '4.48',
  registry: '2.6.13.Final',
} as const

export type ServerName = keyof typeof VERSIONS

export const SERVER_NAMES = Object.keys(VERSIONS) as ServerName[]

/** Container images of the same versions. The registry keeps its schemas in Kafka or, for tests, in memory. */
export const IMAGES = {
  kafka: `apache/kafka:${VERSIONS.kafka}`,
  cassandra: `cassandra:${VERSIONS.cassandra}`,
  redis: `redis:${VERSIONS.redis}`,
  seaweedfs: `chrislusf/seaweedfs:${VERSIONS.seaweedfs}`,
  registry: `apicurio/apicurio-registry-kafkasql:${VERSIONS.registry}`,
  registryInMemory: `apicurio/apicurio-registry-mem:${VERSIONS.registry}`,
} as const

/** Reads `kafka,redis`; throws with one line where a name is not one of the five. */
export function parseServerNames(list: string): ServerName[] {
  const names = list.split(',').map((name) => name.trim())
  for (const name of names)
    if (!Object.hasOwn(VERSIONS, name)) throw new Error(`no server "${name}": ${SERVER_NAMES.join(', ')}`)
  return names as ServerName[]
}
