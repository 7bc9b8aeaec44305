const LINE_HEIGHT = 18
const CHARACTER_WIDTH = 8.4
const PADDING = 16

/** The demo's lines as an SVG of a terminal, for the README. */
export function terminalSvg(lines: readonly string[]): string {
  const columns = Math.max(...lines.map((line) => [...line].length))
  const width = Math.ceil(columns * CHARACTER_WIDTH) + 2 * PADDING
  const height = lines.length * LINE_HEIGHT + 2 * PADDING
  const rows = lines.map(
    (line, i) =>
      `<text x="${PADDING}" y="${PADDING + 13 + i * LINE_HEIGHT}" xml:space="preserve">${escaped(line)}</text>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<rect width="100%" height="100%" rx="8" fill="#14171c"/>`,
    `<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" fill="#d7dde6">`,
    ...rows,
    '</g></svg>',
    '',
  ].join('\n')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
