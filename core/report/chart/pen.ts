import { escaped } from '../markup.ts';

/** What is drawn with: of a canvas's context the part that our pictures need. */
export interface Pen {
  fillStyle: string | object;
  strokeStyle: string | object;
  lineWidth: number;
  globalAlpha: number;
  lineJoin: string;
  font: string;
  textAlign: string;
  textBaseline: string;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
  /** Whole circles are all that is drawn of it: from 0 to 2π. */
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  stroke(): void;
  fill(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
}

const places = (value: number) => Number(value.toFixed(1));
const ANCHORS: { [align: string]: string } = { center: 'middle', right: 'end' };

/** Writes SVG instead of setting pixels. */
export class SvgPen implements Pen {
  fillStyle: string | object = '#000';
  strokeStyle: string | object = '#000';
  lineWidth = 1;
  globalAlpha = 1;
  lineJoin = 'miter';
  font = '';
  textAlign = 'left';
  textBaseline = 'alphabetic';
  readonly #shapes: string[] = [];
  #path = '';
  #at: [number, number] = [0, 0];

  /** What was drawn, to be put into an `<svg>`. */
  get markup(): string {
    return this.#shapes.join('');
  }

  beginPath(): void {
    this.#path = '';
  }

  moveTo(x: number, y: number): void {
    this.#at = [places(x), places(y)];
    this.#path += `M${this.#at.join(' ')}`;
  }

  lineTo(x: number, y: number): void {
    const [fromX, fromY] = this.#at;
    this.#at = [places(x), places(y)];
    this.#path += `l${places(this.#at[0] - fromX)} ${places(this.#at[1] - fromY)}`;
  }

  closePath(): void {
    this.#path += 'Z';
  }

  arc(x: number, y: number, radius: number, _from: number, _to: number): void {
    const across = 2 * radius;
    this.#path += `M${places(x - radius)} ${places(y)}a${radius} ${radius} 0 1 0 ${across} 0a${radius} ${radius} 0 1 0 ${-across} 0`;
  }

  stroke(): void {
    this.#shapes.push(
      `<path d="${this.#path}" fill="none" stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}" stroke-linejoin="${this.lineJoin}"${this.#opacity()}/>`,
    );
  }

  fill(): void {
    this.#shapes.push(`<path d="${this.#path}" fill="${this.fillStyle}"${this.#opacity()}/>`);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const corner = `x="${places(x)}" y="${places(y)}"`;
    this.#shapes.push(
      `<rect ${corner} width="${places(width)}" height="${places(height)}" fill="${this.fillStyle}"${this.#opacity()}/>`,
    );
  }

  fillText(text: string, x: number, y: number): void {
    const [size = '11px', ...family] = this.font.split(' ');
    const anchor = ANCHORS[this.textAlign];
    const shift = { bottom: '-0.25em', middle: '0.35em' }[this.textBaseline] ?? '0';
    this.#shapes.push(
      `<text x="${places(x)}" y="${places(y)}" dy="${shift}" fill="${this.fillStyle}" font-size="${size}" font-family="${escaped(family.join(' '))}"${anchor ? ` text-anchor="${anchor}"` : ''}>${escaped(text)}</text>`,
    );
  }

  #opacity(): string {
    return this.globalAlpha < 1 ? ` opacity="${this.globalAlpha}"` : '';
  }
}

/** A picture of shapes, which can stand alone. */
export function svgOf(title: string, width: number, height: number, shapes: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${places(width)} ${places(height)}" width="${places(width)}" height="${places(height)}" role="img" aria-label="${escaped(title)}">${shapes}</svg>`;
}
