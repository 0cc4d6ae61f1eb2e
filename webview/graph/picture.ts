import { type Flow, type Graph, gradientAlong, usesOf } from '../../core/inspection/graph/graph.ts';
import { css } from '../color.ts';
import { drawn, element, setAttribute, setText } from '../dom.ts';
import { short } from '../format.ts';
import { type Theme, textColor } from '../theme.ts';
import { type Layout, layoutOf, type Point, RADIUS, WIRE } from './layout.ts';
import type { Progress } from './progress.ts';
import { standaloneSvg } from './standalone.ts';
import { Viewport } from './viewport.ts';

/** A graph as a drawing: the value above each wire, the gradient under it. */
export class GraphPicture {
  readonly element: HTMLElement;
  readonly #scene = drawn('g');
  readonly #viewport: Viewport;
  readonly #chosen: (node: number | null) => void;
  readonly #opened: (node: number) => void;
  #graph: Graph | null = null;
  #layout: Layout | null = null;
  #nodes: NodeMark[] = [];
  #lines: { path: SVGPathElement; node: number; k: number }[] = [];
  /** The node that the keyboard stands on. */
  #focus = 0;

  /** `chosen` is told which node is looked at, `opened` which is to be changed. */
  constructor(chosen: (node: number | null) => void, opened: (node: number) => void) {
    this.#chosen = chosen;
    this.#opened = opened;
    this.#viewport = new Viewport(this.#scene);
    this.element = element('div', { class: 'graph-picture' }, this.#viewport.element);
    this.#scene.addEventListener('keydown', (event) => this.#key(event));
    this.#scene.addEventListener('pointerover', ({ target }) => this.#point(target));
    this.#scene.addEventListener('pointerleave', () => this.#chosen(null));
    this.#scene.addEventListener('focusin', ({ target }) => {
      const node = this.#nodeOf(target);
      if (node >= 0) this.#stand(node);
      this.#point(target);
    });
    this.#scene.addEventListener('focusout', () => this.#chosen(null));
  }

  draw(
    graph: Graph,
    flow: Flow,
    progress: Progress,
    { focused, theme }: { focused: number | null; theme: Theme },
  ): void {
    if (graph !== this.#graph) this.#build(graph);
    const { style } = this.element;
    style.setProperty('--value', css(textColor(theme.good, theme)));
    style.setProperty('--gradient', css(textColor(theme.error, theme)));
    style.setProperty('--line', css(theme.other));
    style.setProperty('--ground', css(theme.background));
    for (const [node, mark] of this.#nodes.entries()) {
      const value = progress.valueKnown[node] ? short(flow.values[node]!) : '';
      const gradient = progress.gradientKnown[node] ? short(flow.gradients[node]!) : '';
      const words = [
        mark.label,
        value && `value ${value}`,
        gradient && `gradient ${gradient}`,
      ].filter(Boolean);
      mark.update({ value, gradient, words: words.join(', ') });
      mark.element.classList.toggle('latest', progress.latest.includes(node));
      mark.element.classList.toggle('focused', node === focused);
    }
    const strongest = this.#lines.reduce((most, { node, k }) => {
      const size = Math.abs(gradientAlong(flow, node, k));
      return progress.passedBack[node] && Number.isFinite(size) ? Math.max(most, size) : most;
    }, 0);
    for (const { path, node, k } of this.#lines) {
      const back = progress.passedBack[node]!;
      const size = Math.abs(gradientAlong(flow, node, k));
      const share = size / strongest;
      path.classList.toggle('flows', back && size !== 0);
      path.classList.toggle('dead', back && size === 0);
      const input = graph.nodes[node]!.inputs[k]!;
      path.classList.toggle('focused', focused !== null && (input === focused || node === focused));
      setAttribute(path, 'stroke-width', back && share > 0 ? (1 + 2 * share).toFixed(2) : '1');
    }
  }

  /** It whole, to be taken away. After `draw`. */
  svg(title: string, theme: Theme): string {
    return standaloneSvg(title, this.#scene, this.#layout!, theme);
  }

  #build(graph: Graph): void {
    const same = this.#graph && shapeOf(graph) === shapeOf(this.#graph);
    this.#graph = graph;
    if (same) return;
    const layout = layoutOf(graph);
    this.#layout = layout;
    this.#focus = graph.output;
    this.#lines = layout.lines.flatMap((ofNode, node) =>
      ofNode.map((points, k) => ({
        path: drawn('path', { class: 'line', d: pathOf(points) }),
        node,
        k,
      })),
    );
    this.#nodes = graph.nodes.map(
      ({ symbol, name }, node) => new NodeMark(node, symbol, name, layout.nodes[node]!),
    );
    // The output leads out of the picture.
    const { x, y } = layout.nodes[graph.output]!;
    const out = drawn('path', { class: 'line', d: `M${x + RADIUS} ${y}h${WIRE}` });
    this.#scene.replaceChildren(
      out,
      ...this.#lines.map(({ path }) => path),
      ...this.#nodes.map((mark) => mark.element),
    );
    this.#stand(graph.output);
    this.#viewport.show({ width: layout.width, height: layout.height });
  }

  /** The keyboard reaches one node; arrows lead to the others. */
  #stand(node: number): void {
    this.#nodes[this.#focus]!.element.tabIndex = -1;
    this.#focus = node;
    this.#nodes[node]!.element.tabIndex = 0;
  }

  #nodeOf(target: EventTarget | null): number {
    const group = target instanceof Element ? target.closest('.node') : null;
    return this.#nodes.findIndex((mark) => mark.element === group);
  }

  #point(target: EventTarget | null): void {
    const node = this.#nodeOf(target);
    if (node >= 0) this.#chosen(node);
  }

  #key(event: KeyboardEvent): void {
    if (!this.#graph || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#opened(this.#focus);
      return;
    }
    const to = this.#neighbour(event.key);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.#stand(to);
    this.#nodes[to]!.element.focus({ preventScroll: true });
    this.#viewport.reveal(this.#layout!.nodes[to]!);
  }

  /** Left and right along the lines, up and down within the column. */
  #neighbour(key: string): number | null {
    const { nodes } = this.#graph!;
    const places = this.#layout!.nodes;
    const here = places[this.#focus]!;
    const nearest = (candidates: readonly number[]) =>
      candidates.reduce<number | null>((best, node) => {
        const far = (each: number) => Math.abs(places[each]!.y - here.y);
        return best === null || far(node) < far(best) ? node : best;
      }, null);
    const inColumn = (side: 1 | -1) =>
      nodes.flatMap((_, node) =>
        places[node]!.x === here.x && side * (places[node]!.y - here.y) > 0 ? [node] : [],
      );
    switch (key) {
      case 'ArrowLeft':
        return nearest(nodes[this.#focus]!.inputs);
      case 'ArrowRight':
        return nearest(usesOf(this.#graph!)[this.#focus]!.map(({ node }) => node));
      case 'ArrowUp':
        return nearest(inColumn(-1));
      case 'ArrowDown':
        return nearest(inColumn(1));
      default:
        return null;
    }
  }
}

/** Two graphs of the same shape are drawn by the same marks. */
const shapeOf = ({ nodes, output }: Graph) =>
  JSON.stringify([output, nodes.map(({ symbol, name, inputs }) => [symbol, name, inputs])]);

/** What is given is named; a gate shows what it does. */
class NodeMark {
  readonly element: SVGGElement;
  readonly label: string;
  readonly #value = drawn('text', { class: 'value', x: RADIUS + 7, y: -6 });
  readonly #gradient = drawn('text', { class: 'gradient', x: RADIUS + 7, y: 16 });

  constructor(node: number, symbol: string, name: string, { x, y }: Point) {
    this.label = symbol ? `${name}, gate ${symbol}` : name;
    const shown = symbol || name;
    const text = drawn('text', { class: 'symbol', y: 0 });
    text.textContent = shown;
    // Long names are made smaller, so that they stay inside.
    const size = Math.min(14, 42 / Math.max(1, shown.length));
    text.setAttribute('font-size', String(size));
    const outline = symbol
      ? drawn('circle', { r: RADIUS })
      : drawn('rect', { x: -RADIUS, y: -13, width: 2 * RADIUS, height: 26, rx: 3 });
    this.element = drawn(
      'g',
      { class: 'node', transform: `translate(${x} ${y})`, role: 'button', 'data-node': node },
      // The numbers on the wire belong to the node: pointing at them is pointing at it.
      drawn('path', {
        class: 'hit',
        d: `M${-RADIUS} -22h${2 * RADIUS + WIRE}v44h${-2 * RADIUS - WIRE}z`,
      }),
      outline,
      text,
      this.#value,
      this.#gradient,
    );
    this.element.tabIndex = -1;
  }

  update({ value, gradient, words }: { value: string; gradient: string; words: string }): void {
    setText(this.#value, value);
    setText(this.#gradient, gradient);
    setAttribute(this.element, 'aria-label', words);
  }
}

/** Straight along the wire, then in a curve to where the next piece begins. */
function pathOf([start, ...rest]: readonly Point[]): string {
  let path = `M${start!.x} ${start!.y}`;
  let at = start!;
  for (const [i, point] of rest.entries()) {
    const bend = (point.x - at.x) / 2;
    path +=
      i % 2 === 0
        ? `L${point.x} ${point.y}`
        : `C${at.x + bend} ${at.y} ${point.x - bend} ${point.y} ${point.x} ${point.y}`;
    at = point;
  }
  return path;
}
