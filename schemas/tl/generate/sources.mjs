import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { markSafeLongs } from './marks.mjs'
import { parseJson } from './parse-json.mjs'
import { applyDelta, parseText } from './parse-text.mjs'

const require = createRequire(import.meta.url)
const DELTAS = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..', 'deltas')

/** Where the facts of each layer come from, oldest first; `delta` layers change the layer that they name as their base. */
const SOURCES = [
  { layer: 158, delta: 'layer-158.json' },
  { layer: 167, json: 'tl-167' },
  { layer: 170, delta: 'layer-170.json' },
  { layer: 177, delta: 'layer-177.json' },
  { layer: 179, json: 'tl-179' },
  { layer: 181, json: 'tl-181' },
  { layer: 184, delta: 'layer-184.json' },
  { layer: 189, json: 'tl-189' },
  { layer: 193, delta: 'layer-193.json' },
  { layer: 198, text: 'telegram/tl/apiTl.js' },
  { layer: 204, json: 'tl-204' },
  { layer: 214, delta: 'layer-214.json' },
  { layer: 216, json: 'tl-216' },
  { layer: 218, json: 'tl-218' },
  { layer: 220, json: 'tl-220' },
  { layer: 221, json: 'tl-221' },
  { layer: 223, json: 'tl-223' },
  { layer: 227, json: 'mtcute-core-227/tl' },
  { layer: 228, json: 'mtcute-core-228/tl' },
  { layer: 229, delta: 'layer-229.json' },
]

export const LAYERS = SOURCES.map((source) => source.layer)
const DELTA_FILES = [...SOURCES.flatMap((source) => source.delta ?? []), 'mtproto.json']

/** The folder of an installed package, found without the help of its `exports`. */
export function packageFolder(name) {
  for (const base of require.resolve.paths(name) ?? []) {
    try {
      readFileSync(join(base, name, 'package.json'))
      return join(base, name)
    } catch {}
  }
  throw new Error(`package ${name} is not installed: run npm ci`)
}

function pathInPackage(path) {
  const [name, ...rest] = path.split('/')
  return join(packageFolder(name), ...rest)
}

/** Parsed JSON data of a package, for example `tl-223/api-schema.json`. */
export const readData = (path) => JSON.parse(readFileSync(pathInPackage(path), 'utf8'))
const readDelta = (file) => JSON.parse(readFileSync(join(DELTAS, file), 'utf8'))

function entriesOf(source) {
  if (source.delta) {
    const delta = readDelta(source.delta)
    return applyDelta(entriesOf(SOURCES.find(({ layer }) => layer === delta.base)), delta)
  }
  if (source.text) return parseText(require(pathInPackage(source.text)))
  return parseJson(readData(`${source.json}/api-schema.json`).e)
}

/** The API schema of every layer, oldest first: [{layer, entries, marked}]. */
export function readLayers() {
  const schemas = SOURCES.map((source) => ({
    layer: source.layer,
    entries: entriesOf(source),
    marked: Boolean(source.json),
  }))
  markSafeLongs(schemas)
  return schemas
}

/** The entries of MTProto's own messages. */
export function readMtproto() {
  return applyDelta(parseJson(Object.values(readData('tl-223/mtp-schema.json'))), readDelta('mtproto.json'))
}

/** The versions of all data packages and the texts of the deltas: what the output depends on besides this code. */
export function inputIdentity() {
  const packages = SOURCES.flatMap((source) => source.json ?? source.text ?? []).map(
    (path) => path.split('/')[0],
  )
  const versions = packages.map((name) => readFileSync(join(packageFolder(name), 'package.json'), 'utf8'))
  return [...versions, ...DELTA_FILES.map((file) => readFileSync(join(DELTAS, file), 'utf8'))]
}
