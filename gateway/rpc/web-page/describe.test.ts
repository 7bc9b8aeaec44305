import { expect, it } from 'vitest'
import { describePage, MAX_SCANNED_LENGTH } from './describe.ts'

it('reads OpenGraph, with entities, however its attributes are quoted', () => {
  const page = `<html><head><script>var a = "<meta name=description content=no>"</script>
    <META content='A &amp; B &#x41;&#66;' property="og:title"><meta property=og:site_name content=Site>
    <meta name="description" content="a
    long   text"><meta property="og:image" content="/a.png"><title>other</title></head>`
  expect(describePage(page)).toEqual({
    siteName: 'Site',
    title: 'A & B AB',
    description: 'a long text',
    imageUrl: '/a.png',
  })
})

it('takes the title where there is nothing else, and nothing of the body', () => {
  const page = '<title>Hello &lt;you&gt;</title><body><meta property="og:title" content="no">'
  expect(describePage(page)).toMatchObject({ title: 'Hello <you>', description: '' })
  expect(describePage('')).toEqual({ siteName: '', title: '', description: '', imageUrl: '' })
})

it('ends with whatever it is given, soon', () => {
  const before = process.cpuUsage()
  for (const hostile of ['<', '<meta ', '<meta a=', '<script', '&#', '<meta content="'])
    describePage(hostile.repeat(MAX_SCANNED_LENGTH / hostile.length))
  describePage(`<title>${'&'.repeat(MAX_SCANNED_LENGTH)}</title>`)
  const { user, system } = process.cpuUsage(before)
  expect(user + system).toBeLessThan(2_000_000)
})
