import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Report } from '../spec.ts'
import { debianProgram } from './debian.ts'
import { inTurn } from './in-turn.ts'
import { checkJava } from './java.ts'
import { fillOnce, run } from './run.ts'

/** An artifact of a Maven repository, by its coordinates. */
export interface Artifact {
  readonly group: string
  readonly name: string
  readonly version: string
  /** Where it is not a jar: the packaging and its classifier, taken alone, without what it depends on. */
  readonly archive?: { readonly type: string; readonly classifier: string }
}

/** Maven's local repository is not made for two that fill it. */
const downloading = inTurn()

/** The smallest project that depends on the artifacts. */
export function pom(artifacts: readonly Artifact[]): string {
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    '<groupId>heliograph</groupId><artifactId>stack</artifactId><version>1</version><packaging>pom</packaging>',
    `<dependencies>${artifacts.map(dependency).join('')}</dependencies></project>`,
  ].join('\n')
}

function dependency({ group, name, version, archive }: Artifact): string {
  const alone =
    '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>'
  const packaging =
    archive === undefined
      ? ''
      : `<type>${archive.type}</type><classifier>${archive.classifier}</classifier>${alone}`
  const coordinates = `<groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version>`
  return `<dependency>${coordinates}${packaging}</dependency>`
}

/**
 * Fills `dir` with the artifacts and all that they need at run time, once; `finish` may work on the files before they count as
 * installed. Maven and its local repository do the checks of the downloads.
 */
export async function installArtifacts(
  dir: string,
  artifacts: readonly Artifact[],
  report: Report,
  finish: (partial: string) => Promise<void> = async () => {},
): Promise<void> {
  await checkJava()
  await fillOnce(dir, async (partial) => {
    report(`installing ${artifacts.map(({ name, version }) => `${name} ${version}`).join(', ')} by Maven`)
    const maven = await debianProgram('mvn', 'maven', report)
    const project = await mkdtemp(join(tmpdir(), 'heliograph-pom-'))
    try {
      const file = join(project, 'pom.xml')
      await writeFile(file, pom(artifacts))
      const flags = [`-DoutputDirectory=${partial}`, '-DincludeScope=runtime']
      await downloading(() => run(maven, ['-q', '-B', '-f', file, 'dependency:copy-dependencies', ...flags]))
    } finally {
      await rm(project, { recursive: true })
    }
    await finish(partial)
  })
}
