import { join } from 'node:path'
import { javaProgram } from '../install/java.ts'
import { installArtifacts } from '../install/maven.ts'
import { run } from '../install/run.ts'
import { LOOPBACK, type Ports, portOf } from '../ports.ts'
import { CHECK_MS, type ServerSpec } from '../spec.ts'
import { VERSIONS } from '../versions.ts'

const NAME = 'apicurio-registry-app'
const HEAP = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError']
const FEW_CONNECTIONS = ['-Dquarkus.datasource.jdbc.initial-size=2', '-Dquarkus.datasource.jdbc.min-size=2']

export const registry: ServerSpec = {
  name: 'registry',
  readyMs: 90_000,
  stopMs: 15_000,
  wantedPorts: { http: 8081 },

  install: async (cache, report) => {
    const dir = join(cache, `registry-${VERSIONS.registry}`)
    const archive = { type: 'tar.gz', classifier: 'all' }
    const artifact = { group: 'io.apicurio', name: NAME, version: VERSIONS.registry, archive }
    await installArtifacts(dir, [artifact], report, async (partial) => {
      const file = join(partial, `${NAME}-${VERSIONS.registry}-all.tar.gz`)
      await run('tar', ['xzf', file, '-C', partial])
      await run('rm', [file])
    })
    return join(dir, `${NAME}-${VERSIONS.registry}-runner.jar`)
  },

  prepare: async ({ dir, home, ports }) => ({
    command: javaProgram(),
    args: [
      ...HEAP,
      ...[`-Dquarkus.http.host=${LOOPBACK}`, `-Dquarkus.http.port=${portOf(ports, 'http')}`],
      // What was acknowledged is in the file, as of each commit.
      `-DREGISTRY_DATASOURCE_URL=jdbc:h2:file:${join(dir, 'data', 'registry')};WRITE_DELAY=0`,
      ...FEW_CONNECTIONS,
      ...['-jar', home],
    ],
    cwd: dir,
  }),

  endpoint: (ports) => `http://${LOOPBACK}:${portOf(ports, 'http')}/apis/ccompat/v7`,
  check: listSubjects,
}

async function listSubjects(ports: Ports): Promise<void> {
  const url = `${registry.endpoint(ports)}/subjects`
  const response = await fetch(url, { signal: AbortSignal.timeout(CHECK_MS) })
  if (!response.ok) throw new Error(`the schema registry answered ${response.status}`)
  if (!Array.isArray(await response.json())) throw new Error('the schema registry listed no subjects')
}
