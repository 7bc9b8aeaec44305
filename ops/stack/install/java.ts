import { join } from 'node:path'
import { run } from './run.ts'

/** Kafka 4 and Cassandra 5 need it; the schema registry is content with it. */
export const MIN_JAVA = 17
/** From here on a security manager, which Cassandra 5.0 sets, must be allowed by name (JEP 411). */
const JAVA_WITHOUT_SECURITY_MANAGER = 18

export const JAVA_MISSING = `Java ${MIN_JAVA} or later is needed: apt-get install openjdk-17-jre-headless, or set JAVA_HOME`

/** The program that runs Java: JAVA_HOME's, else the PATH's. */
export function javaProgram(env: NodeJS.ProcessEnv = process.env): string {
  return env.JAVA_HOME === undefined ? 'java' : join(env.JAVA_HOME, 'bin', 'java')
}

/** `openjdk version "17.0.15" …` → 17, and the old `1.8.0` → 8; undefined where it is not such a line. */
export function javaMajor(output: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(output)
  return match === null ? undefined : Number(match[1])
}

/** Throws with one line where there is no Java or it is too old; returns its major version. */
export async function checkJava(): Promise<number> {
  const output = await run(javaProgram(), ['-version']).catch(() => '')
  const major = javaMajor(output)
  if (major === undefined) throw new Error(JAVA_MISSING)
  if (major < MIN_JAVA) throw new Error(`${JAVA_MISSING} (found ${major})`)
  return major
}

/** Flags that a later Java needs to allow what Cassandra does. */
export function securityFlags(major: number): string[] {
  return major >= JAVA_WITHOUT_SECURITY_MANAGER ? ['-Djava.security.manager=allow'] : []
}
