const CODES = { train: 36, validation: 33, error: 31, warning: 33, faint: 2 };

/** Colors text where colors are wanted; the same few meanings as on the dashboard. */
export type Paint = (color: keyof typeof CODES, text: string) => string;

export function painter(stream: { isTTY?: boolean }): Paint {
  const colorful = stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return (color, text) => (colorful ? `\x1b[${CODES[color]}m${text}\x1b[0m` : text);
}
