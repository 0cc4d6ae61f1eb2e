/** Where equal images stand, row by row. All lengths are device pixels. */
export interface Grid {
  columns: number;
  rows: number;
  /** One image, without the gap after it. */
  width: number;
  height: number;
  gap: number;
}

/** What is to be placed: so many images of so many weights. */
export interface Images {
  count: number;
  width: number;
  height: number;
}

/** Where it is to be placed. */
export interface Room {
  width: number;
  /** The grid becomes higher only where its images would be smaller than their weights are many. */
  height: number;
  gap: number;
  /** No image's longer side becomes longer than this. */
  largest: number;
}

/** The grid with the largest images that fit; a weight is a whole number of pixels wherever that can be. */
export function gridOf(images: Images, room: Room): Grid {
  const longer = Math.max(images.width, images.height);
  for (let scale = Math.max(1, Math.floor(room.largest / longer)); scale > 1; scale--) {
    const grid = withScale(images, room, scale);
    const high = grid.rows * (grid.height + grid.gap) - grid.gap;
    if (grid.width <= room.width && high <= room.height) return grid;
  }
  return withScale(images, room, Math.min(1, room.width / images.width));
}

function withScale(images: Images, { width: room, gap }: Room, scale: number): Grid {
  const [width, height] = [images.width * scale, images.height * scale];
  const fitting = Math.max(1, Math.floor((room + gap) / (width + gap)));
  const rows = Math.ceil(images.count / fitting);
  return { columns: Math.min(fitting, images.count), rows, width, height, gap };
}

/** The left upper corner of an image. */
export function cornerOf({ columns, width, height, gap }: Grid, index: number): [number, number] {
  return [(index % columns) * (width + gap), Math.floor(index / columns) * (height + gap)];
}

/** The image at a place; -1 where there is none, between two images too. */
export function imageAt(grid: Grid, count: number, x: number, y: number): number {
  const column = Math.floor(x / (grid.width + grid.gap));
  const row = Math.floor(y / (grid.height + grid.gap));
  const index = row * grid.columns + column;
  const inside =
    x >= 0 && y >= 0 && column < grid.columns && index < count && index >= 0
      ? x - column * (grid.width + grid.gap) < grid.width &&
        y - row * (grid.height + grid.gap) < grid.height
      : false;
  return inside ? index : -1;
}

/** Where a key leads from an image; null for any other key. */
export function moved(at: number, key: string, columns: number, count: number): number | null {
  const to: { [key: string]: number } = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns >= 0 ? at - columns : at,
    ArrowDown: at + columns < count ? at + columns : at,
    Home: 0,
    End: count - 1,
  };
  const index = to[key];
  return index === undefined ? null : Math.max(0, Math.min(count - 1, index));
}
