interface Size {
  width: number;
  height: number;
}

/** To ask a box for its size after something was written has the page laid out anew, each time. */
const sizes = new WeakMap<Element, Size>();
let changed = () => {};
const observer = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const known = sizes.get(target);
    sizes.set(target, contentRect);
    if (known?.width !== contentRect.width || known.height !== contentRect.height) changed();
  }
});

/** Calls when a canvas that was drawn has another size now. */
export function whenResized(listener: () => void): void {
  changed = listener;
}

/** Sizes are asked for before anything is drawn: a canvas that was drawn has the page laid out anew. */
export function measure(canvases: readonly HTMLCanvasElement[]): void {
  for (const canvas of canvases) sizeOf(canvas);
}

function sizeOf(canvas: HTMLCanvasElement): Size {
  let size = sizes.get(canvas);
  if (!size) {
    size = { width: canvas.clientWidth, height: canvas.clientHeight };
    sizes.set(canvas, size);
    observer.observe(canvas);
  }
  return size;
}

/** A canvas as large as its box, in the screen's own pixels; null while it has no size. */
export function sized(
  canvas: HTMLCanvasElement,
): ({ context: CanvasRenderingContext2D } & Size) | null {
  const { width, height } = sizeOf(canvas);
  if (width === 0 || height === 0) return null;
  const ratio = window.devicePixelRatio;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}
