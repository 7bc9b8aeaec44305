import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { downgradeRules, renamings } from '../compat/downgrade.ts'
import { resultRules } from '../compat/results.ts'
import { upgradeRules } from '../compat/upgrade.ts'
import { schema } from '../testing/schema.ts'

const load = (file: string) => import(new URL(file, import.meta.url).href)
const generated = (file: string) => readFileSync(new URL(`../generated/${file}`, import.meta.url), 'utf8')

describe('the parser', () => {
  it('reads TL text', async () => {
    const { parseText } = await load('./parse-text.mjs')
    const text = `vector#1cb5c415 {t:Type} # [ t ] = Vector t;
      a.b#0000000a flags:# x:flags.3?Vector<long> y:flags.0?true z:vector<C> = A;
      ---functions---
      run#ffffffff {X:Type} query:!X = X;`
    expect(parseText(text)).toEqual([
      {
        id: 10,
        name: 'a.b',
        kind: 'class',
        type: { k: 'boxed', type: 'A' },
        fields: [
          { name: 'flags', type: { k: '#' }, flag: null },
          { name: 'x', type: { k: 'vector', bare: false, of: { k: 'long' } }, flag: ['flags', 3] },
          { name: 'y', type: { k: 'true' }, flag: ['flags', 0] },
          { name: 'z', type: { k: 'vector', bare: true, of: { k: 'boxed', type: 'C' } }, flag: null },
        ],
      },
      {
        id: -1,
        name: 'run',
        kind: 'method',
        type: { k: 'boxed', type: 'X' },
        fields: [{ name: 'query', type: { k: 'call' }, flag: null }],
      },
    ])
  })

  it('applies deltas', async () => {
    const { applyDelta, parseText } = await load('./parse-text.mjs')
    const base = parseText('a#1 = A;\nb#2 = A;\nc#3 = A;')
    const delta = { constructors: { b: { id: '4', type: 'A', fields: [] } }, methods: {}, removed: ['c'] }
    const ids = applyDelta(base, delta).map(({ name, id }: { name: string; id: number }) => [name, id])
    expect(ids).toEqual([
      ['a', 1],
      ['b', 4],
    ])
  })
})

describe('the generator', () => {
  it('gives the same text each time, and the one in use', async () => {
    const { mergeLayers } = await load('./merge.mjs')
    const { emitCodec } = await load('./emit-codec.mjs')
    const { emitTypes } = await load('./emit-types.mjs')
    const merged = mergeLayers()
    expect(emitCodec(merged) === generated('codec.js')).toBe(true)
    expect(emitTypes(merged) === generated('types.d.ts')).toBe(true)
  })

  it('gives each field one JavaScript type in all layers', () => {
    const types = new Map<string, string>()
    for (const entry of schema)
      for (const { name, type } of entry.fields) {
        const k = type.of?.k ?? type.k
        if (k !== 'long' && k !== 'int53') continue
        expect(types.get(`${entry.name}.${name}`) ?? k, `${entry.name}.${name}`).toBe(k)
        types.set(`${entry.name}.${name}`, k)
      }
  })
})

describe('the rules between layers', () => {
  const names = new Set(schema.map(({ name }) => name))

  it('are about constructors that exist', () => {
    for (const rules of [upgradeRules, downgradeRules, renamings, resultRules])
      for (const name of Object.keys(rules)) expect(names, name).toContain(name)
  })
})
