import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CODEC_DECLARATIONS, emitCodec } from './emit-codec.mjs'
import { emitFacts } from './emit-facts.mjs'
import { emitTypes } from './emit-types.mjs'
import { mergeLayers } from './merge.mjs'
import { inputIdentity } from './sources.mjs'

/**
 * Writes the codec and the types of all TL layers, to `tl/generated` for the sources and to `dist/tl/generated` for
 * what tsc builds from them. Does nothing when neither the data nor the generator has changed.
 */
const HERE = dirname(fileURLToPath(import.meta.url))
const TARGETS = [join(HERE, '..', 'generated'), join(HERE, '..', '..', 'dist', 'tl', 'generated')]
const STAMP = 'inputs.sha256'

function inputHash() {
  const hash = createHash('sha256')
  const sources = readdirSync(HERE).filter((file) => file.endsWith('.mjs'))
  for (const file of sources.sort()) hash.update(file).update(readFileSync(join(HERE, file)))
  for (const text of inputIdentity()) hash.update(text)
  return hash.digest('hex')
}

const isCurrent = (target, hash) =>
  existsSync(join(target, STAMP)) && readFileSync(join(target, STAMP), 'utf8') === hash

function output() {
  const merged = mergeLayers()
  const facts = emitFacts()
  return {
    'codec.js': emitCodec(merged),
    'codec.d.ts': CODEC_DECLARATIONS,
    'types.js': 'export {}\n',
    'types.d.ts': emitTypes(merged),
    'errors.json': facts.errors,
    'methods.json': facts.methods,
    'schema.json': `${JSON.stringify(merged.entries.map(({ newest, ...entry }) => entry))}\n`,
  }
}

const hash = inputHash()
const stale = TARGETS.filter((target) => !isCurrent(target, hash))
if (stale.length > 0) {
  const files = output()
  for (const target of stale) {
    mkdirSync(target, { recursive: true })
    for (const [name, text] of Object.entries(files)) writeFileSync(join(target, name), text)
    writeFileSync(join(target, STAMP), hash)
  }
}
