/** Simple drawings of our own for the default reactions, each on a canvas of 512 x 512. */

export type Shape =
  | {
      readonly kind: 'ellipse'
      readonly x: number
      readonly y: number
      readonly rx: number
      readonly ry: number
      readonly color: string
    }
  | {
      readonly kind: 'polygon'
      readonly points: readonly (readonly [number, number])[]
      readonly color: string
    }

export interface Glyph {
  readonly emoji: string
  readonly title: string
  /** The first lies at the bottom. */
  readonly shapes: readonly Shape[]
}

const SKIN = '#ffcc4d'
const DARK = '#664500'
const RED = '#dd2e44'
const BLUE = '#5dadec'
const WHITE = '#ffffff'

const ellipse = (x: number, y: number, rx: number, ry: number, color: string): Shape => ({
  kind: 'ellipse',
  ...{ x, y, rx, ry, color },
})
const polygon = (color: string, ...points: [number, number][]): Shape => ({ kind: 'polygon', points, color })
const rectangle = (x: number, y: number, w: number, h: number, color: string): Shape =>
  polygon(color, [x, y], [x + w, y], [x + w, y + h], [x, y + h])

const face = ellipse(256, 256, 220, 220, SKIN)
const eyes = [ellipse(180, 210, 26, 38, DARK), ellipse(332, 210, 26, 38, DARK)]
const heart = (color: string): Shape[] => [
  ellipse(166, 190, 112, 112, color),
  ellipse(346, 190, 112, 112, color),
  polygon(color, [72, 250], [440, 250], [256, 470]),
  polygon(color, [160, 180], [352, 180], [300, 300], [212, 300]),
]
const hand = [rectangle(190, 220, 200, 220, SKIN), rectangle(96, 230, 70, 200, '#3b88c3')]
const thumb = polygon(SKIN, [190, 240], [250, 60], [310, 80], [300, 230])
/** Upside down. */
const turned = (shape: Shape): Shape =>
  shape.kind === 'ellipse'
    ? { ...shape, y: 512 - shape.y }
    : { ...shape, points: shape.points.map(([x, y]) => [x, 512 - y] as const) }

export const GLYPHS: readonly Glyph[] = [
  { emoji: '👍', title: 'Thumbs Up', shapes: [...hand, thumb] },
  { emoji: '👎', title: 'Thumbs Down', shapes: [...hand, thumb].map(turned) },
  { emoji: '❤', title: 'Red Heart', shapes: heart(RED) },
  {
    emoji: '🔥',
    title: 'Fire',
    shapes: [
      polygon('#f4900c', [256, 30], [400, 260], [112, 260]),
      ellipse(256, 330, 150, 150, '#f4900c'),
      ellipse(256, 380, 90, 95, SKIN),
    ],
  },
  {
    emoji: '👏',
    title: 'Clapping Hands',
    shapes: [ellipse(200, 290, 100, 160, SKIN), ellipse(310, 270, 100, 160, '#ef9645')],
  },
  {
    emoji: '😁',
    title: 'Beaming Face',
    shapes: [face, ...eyes, ellipse(256, 340, 120, 66, DARK), rectangle(170, 318, 172, 34, WHITE)],
  },
  {
    emoji: '🤔',
    title: 'Thinking Face',
    shapes: [face, ...eyes, rectangle(210, 330, 110, 18, DARK), ellipse(170, 410, 70, 50, '#ef9645')],
  },
  {
    emoji: '🤯',
    title: 'Exploding Head',
    shapes: [
      ellipse(256, 120, 170, 90, '#f4900c'),
      ellipse(256, 300, 200, 190, SKIN),
      ellipse(186, 270, 40, 46, WHITE),
      ellipse(326, 270, 40, 46, WHITE),
      ellipse(186, 270, 14, 16, DARK),
      ellipse(326, 270, 14, 16, DARK),
      ellipse(256, 400, 50, 40, DARK),
    ],
  },
  {
    emoji: '😱',
    title: 'Screaming Face',
    shapes: [
      ellipse(256, 256, 220, 220, BLUE),
      ellipse(180, 200, 46, 52, WHITE),
      ellipse(332, 200, 46, 52, WHITE),
      ellipse(256, 370, 56, 86, DARK),
    ],
  },
  {
    emoji: '🎉',
    title: 'Party Popper',
    shapes: [
      polygon('#dd2e44', [60, 460], [150, 200], [320, 370]),
      ellipse(340, 130, 34, 34, '#77b255'),
      ellipse(420, 230, 30, 30, BLUE),
      ellipse(260, 90, 26, 26, SKIN),
      ellipse(430, 380, 28, 28, RED),
    ],
  },
  {
    emoji: '😢',
    title: 'Crying Face',
    shapes: [face, ...eyes, ellipse(256, 376, 70, 30, DARK), ellipse(180, 330, 34, 56, BLUE)],
  },
  {
    emoji: '🙏',
    title: 'Folded Hands',
    shapes: [
      polygon(SKIN, [250, 60], [250, 440], [120, 440]),
      polygon('#ef9645', [262, 60], [262, 440], [392, 440]),
    ],
  },
  {
    emoji: '👌',
    title: 'OK Hand',
    shapes: [
      ellipse(210, 330, 110, 110, SKIN),
      ellipse(210, 330, 50, 50, WHITE),
      rectangle(270, 70, 44, 220, SKIN),
      rectangle(330, 110, 44, 230, SKIN),
    ],
  },
  {
    emoji: '💯',
    title: 'Hundred Points',
    shapes: [
      rectangle(70, 110, 40, 240, RED),
      ellipse(210, 230, 80, 124, RED),
      ellipse(210, 230, 38, 80, WHITE),
      ellipse(380, 230, 80, 124, RED),
      ellipse(380, 230, 38, 80, WHITE),
      rectangle(90, 400, 330, 30, RED),
    ],
  },
  {
    emoji: '⚡',
    title: 'High Voltage',
    shapes: [polygon(SKIN, [310, 30], [110, 290], [250, 290], [200, 480], [410, 210], [270, 210])],
  },
  {
    emoji: '💔',
    title: 'Broken Heart',
    shapes: [
      ...heart(RED),
      polygon(
        WHITE,
        [246, 110],
        [290, 200],
        [236, 280],
        [280, 360],
        [250, 470],
        [244, 360],
        [206, 280],
        [262, 200],
      ),
    ],
  },
]

/** What reactions there are; `messages.sendReaction` takes these. */
export const REACTION_EMOJI: ReadonlySet<string> = new Set(GLYPHS.map(({ emoji }) => emoji))
