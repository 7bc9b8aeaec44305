// The package's root also loads the clients of three clouds' key services: 1.2 s and 80 MB instead of 0.1 s and 25 MB.
import {
  Compatibility,
  SchemaRegistryClient,
} from '@confluentinc/schemaregistry/dist/schemaregistry-client.js'
import type { SchemaRegistry } from '../avro/registry.ts'
import { asExpected, isConflict, isMissing } from './failures.ts'
import { inTurns } from './in-turns.ts'

const REQUEST_TIMEOUT_MS = 5_000
const MAX_RETRIES = 2
const RETRY_DELAY_MS = 200
const MAX_RETRY_DELAY_MS = 1_000
/** All subjects are registered when a process starts: a registry that has just started answers few requests within their time. */
const MAX_REGISTERING = 8
const MAX_TRIES_OF_CONFLICT = 3
const CONFLICT_DELAY_MS = 20

export interface ConfluentRegistrySettings {
  /** Root of the registry's API, such as `http://127.0.0.1:8081`; user and password may stand in it. */
  readonly url: string
  /** Before every subject. */
  readonly subjectPrefix?: string
}

/**
 * A schema registry with Confluent's API. Each subject accepts only schemas that read everything written before
 * (BACKWARD_TRANSITIVE). Ids are the registry's own: the same for all processes, another in another deployment. Ids and schemas
 * never change, so each is asked for once.
 */
export class ConfluentRegistry implements SchemaRegistry {
  readonly #client: SchemaRegistryClient
  readonly #url: string
  readonly #prefix: string
  readonly #idOf = new Map<string, Promise<number>>()
  readonly #schemas = new Map<number, object>()
  readonly #inTurn = inTurns(MAX_REGISTERING)

  constructor({ url, subjectPrefix = '' }: ConfluentRegistrySettings) {
    const { base, userInfo, shown } = partsOf(url)
    this.#url = shown
    this.#prefix = subjectPrefix
    this.#client = new SchemaRegistryClient({
      baseURLs: [base],
      maxRetries: MAX_RETRIES,
      retriesWaitMs: RETRY_DELAY_MS,
      retriesMaxWaitMs: MAX_RETRY_DELAY_MS,
      createAxiosDefaults: { timeout: REQUEST_TIMEOUT_MS },
      ...(userInfo && { basicAuthCredentials: { credentialsSource: 'USER_INFO', userInfo } }),
    })
  }

  /** @throws IncompatibleSchema with the registry's reason, or RegistryUnavailable. */
  idOf(subject: string, schema: object): Promise<number> {
    const text = JSON.stringify(schema)
    const key = `${subject} ${text}`
    let id = this.#idOf.get(key)
    if (id === undefined) {
      id = this.#inTurn(() => this.#register(this.#prefix + subject, text))
      this.#idOf.set(key, id)
      id.catch(() => this.#idOf.delete(key))
    }
    return id
  }

  /** @throws RegistryUnavailable. */
  async schemaOf(id: number): Promise<object | undefined> {
    const known = this.#schemas.get(id)
    if (known !== undefined) return known
    try {
      const { schema } = await this.#client.getBySubjectAndId('', id)
      return this.#keep(id, schema)
    } catch (error) {
      if (isMissing(error)) return undefined
      throw asExpected(error, `id ${id}`, this.#url)
    }
  }

  /** The ids of all versions of the subjects that have been asked for. */
  ids(): readonly number[] {
    return [...this.#schemas.keys()]
  }

  async #register(subject: string, schema: string): Promise<number> {
    try {
      const id = await this.#versionOf(subject, schema)
      this.#keep(id, schema)
      await this.#learnVersions(subject)
      return id
    } catch (error) {
      throw asExpected(error, subject, this.#url)
    }
  }

  /** A registry may also answer "conflict" where another process registers at the same moment: what remains is one. */
  async #versionOf(subject: string, schema: string): Promise<number> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#protect(subject)
        return await this.#client.register(subject, { schemaType: 'AVRO', schema })
      } catch (error) {
        if (!isConflict(error) || tries >= MAX_TRIES_OF_CONFLICT) throw error
        await new Promise((resolve) => setTimeout(resolve, CONFLICT_DELAY_MS * tries))
      }
    }
  }

  /** Before the first version, so that no other process can slip in one that is not checked. */
  async #protect(subject: string): Promise<void> {
    if ((await this.#compatibilityOf(subject)) === Compatibility.BACKWARD_TRANSITIVE) return
    await this.#client.updateCompatibility(subject, Compatibility.BACKWARD_TRANSITIVE)
  }

  async #compatibilityOf(subject: string): Promise<string | undefined> {
    try {
      return await this.#client.getCompatibility(subject)
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  /** What was written under earlier versions has to be read too. */
  async #learnVersions(subject: string): Promise<void> {
    const versions = await this.#client.getAllVersions(subject)
    if (versions.length === 1) return
    for (const version of versions) {
      const { id, schema } = await this.#client.getSchemaMetadata(subject, version)
      if (id !== undefined) this.#keep(id, schema)
    }
  }

  #keep(id: number, schema: string): object {
    const parsed = JSON.parse(schema) as object
    this.#schemas.set(id, parsed)
    return parsed
  }
}

/** The URL without credentials, which go into a header and are never shown. */
function partsOf(url: string): { base: string; userInfo: string | undefined; shown: string } {
  const parsed = new URL(url)
  const { username, password } = parsed
  const userInfo = username ? `${decodeURIComponent(username)}:${decodeURIComponent(password)}` : undefined
  parsed.username = ''
  parsed.password = ''
  return { base: parsed.href.replace(/\/$/, ''), userInfo, shown: parsed.host }
}
