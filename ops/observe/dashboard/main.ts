#!/usr/bin/env node
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generatedFiles } from './files.ts'

const DEPLOY = join(process.cwd(), 'ops/deploy')

for (const [path, content] of generatedFiles()) {
  mkdirSync(dirname(join(DEPLOY, path)), { recursive: true })
  writeFileSync(join(DEPLOY, path), content)
  console.log(`ops/deploy/${path}`)
}
