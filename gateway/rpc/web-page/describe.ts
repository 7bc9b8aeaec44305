/** What a page says of itself, for a preview: OpenGraph, else its title and description. */
export interface PageDescription {
  readonly siteName: string
  readonly title: string
  readonly description: string
  /** As the page gives it; may be relative. */
  readonly imageUrl: string
}

/** The head of a page is looked at no further than this, in UTF-16 code units. */
export const MAX_SCANNED_LENGTH = 256 * 1024
const MAX_TAGS = 2000
const MAX_TAG_LENGTH = 4096
const MAX_TEXT_LENGTH = 512

const ATTRIBUTE =
  /([a-z:_-]{1,40})\s{0,20}=\s{0,20}(?:"([^"]{0,2048})"|'([^']{0,2048})'|([^\s"'>]{1,2048}))/gi
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/** Reads the `<meta>` and `<title>` of a page; one pass with bounds on everything, whatever the page is. */
export function describePage(html: string): PageDescription {
  const text = html.slice(0, MAX_SCANNED_LENGTH)
  const metas = new Map<string, string>()
  let title = ''
  let at = 0
  for (let tags = 0; tags < MAX_TAGS; tags++) {
    at = text.indexOf('<', at)
    if (at < 0) break
    const name = text.slice(at + 1, at + 7).toLowerCase()
    if (name.startsWith('body')) break
    const end = text.indexOf('>', at)
    if (end < 0) break
    if (name.startsWith('meta') && end - at <= MAX_TAG_LENGTH) addMeta(metas, text.slice(at + 5, end))
    else if (name.startsWith('title') && title === '') title = textUpTo(text, end + 1)
    at = name.startsWith('script') ? endOfScript(text, end) : end + 1
  }
  const of = (...names: string[]) => clean(names.map((each) => metas.get(each)).find(Boolean) ?? '')
  return {
    siteName: of('og:site_name'),
    title: of('og:title', 'twitter:title') || clean(title),
    description: of('og:description', 'twitter:description', 'description'),
    imageUrl: of('og:image:secure_url', 'og:image', 'twitter:image'),
  }
}

function addMeta(metas: Map<string, string>, tag: string): void {
  const attributes = new Map<string, string>()
  for (const [, name, double, single, bare] of tag.matchAll(ATTRIBUTE))
    attributes.set(name!.toLowerCase(), double ?? single ?? bare ?? '')
  const name = (attributes.get('property') ?? attributes.get('name'))?.toLowerCase()
  const content = attributes.get('content')
  if (name !== undefined && content && !metas.has(name)) metas.set(name, content)
}

function textUpTo(text: string, from: number): string {
  const end = text.indexOf('<', from)
  return end < 0 ? '' : text.slice(from, Math.min(end, from + MAX_TAG_LENGTH))
}

function endOfScript(text: string, from: number): number {
  const end = text.indexOf('</script', from)
  return end < 0 ? text.length : end + 1
}

/** Without entities, control characters and long runs of space. */
function clean(text: string): string {
  return text
    .slice(0, 4 * MAX_TEXT_LENGTH)
    .replace(/&(#x?[0-9a-f]{1,6}|[a-z]{2,6});/gi, (whole, code: string) => entityOf(code) ?? whole)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_TEXT_LENGTH)
}

function entityOf(code: string): string | undefined {
  if (!code.startsWith('#')) return NAMED[code.toLowerCase()]
  const isHex = code[1]?.toLowerCase() === 'x'
  const point = Number.parseInt(code.slice(isHex ? 2 : 1), isHex ? 16 : 10)
  return point > 0 && point <= 0x10_ff_ff ? String.fromCodePoint(point) : undefined
}
