// The maths of a grid that mounts only the tiles in sight: columns from the width, rows from the height, and which
// tiles to keep. Pure.

/** At most this many tiles live at once, however large the window. */
export const MOST_TILES = 200;
/** Rows above and below the sight that are mounted too, so that scrolling shows no gaps. */
const SPARE_ROWS = 2;

/** How tiles lie; px. */
export interface Layout {
  /** At least 1. */
  columns: number;
  rows: number;
  /** A tile's side, which fills the width evenly. */
  tile: number;
  /** From the top of a row to the top of the next. */
  pitch: number;
  /** The height of all rows. */
  height: number;
}

/** Lays `count` tiles out: as many columns as have room for tiles of at least `least` px, `gap` px apart. `foot` px
 * stand below each tile. */
export function lay(count: number, width: number, least: number, gap: number, foot = 0): Layout {
  const columns = Math.max(1, Math.floor((width + gap) / (least + gap)));
  const rows = Math.ceil(count / columns);
  const tile = Math.max(1, Math.floor((width - gap * (columns - 1)) / columns));
  const pitch = tile + foot + gap;
  return { columns, rows, tile, pitch, height: rows > 0 ? rows * pitch - gap : 0 };
}

/** The first tile to mount and the one after the last, in whole rows. */
export function inSight(layout: Layout, count: number, top: number, height: number): [number, number] {
  const { columns, pitch, rows } = layout;
  const most = Math.max(1, Math.floor(MOST_TILES / columns));
  const seen = Math.max(0, Math.floor(top / pitch));
  const after = Math.min(rows, Math.ceil((top + height) / pitch));
  const spare = Math.max(0, Math.min(SPARE_ROWS, Math.floor((most - (after - seen)) / 2)));
  const first = Math.max(0, Math.min(seen - spare, rows - 1));
  const last = Math.min(rows, after + spare, first + most);
  return [first * columns, Math.max(first * columns, Math.min(count, last * columns))];
}

/** Where to scroll so that a tile is wholly in sight; the present place when it is already. */
export function topFor(layout: Layout, index: number, top: number, height: number): number {
  const start = Math.floor(index / layout.columns) * layout.pitch;
  const end = Math.min(start + layout.pitch, layout.height);
  if (start < top || end - start > height) return start;
  return end > top + height ? end - height : top;
}

/** Where a key leads from a tile; undefined for a key that leads nowhere. `page` is the rows in sight. */
export function step(
  key: string,
  from: number,
  count: number,
  columns: number,
  page: number,
): number | undefined {
  const row = from - (from % columns);
  const steps: Record<string, number> = {
    ArrowLeft: from - 1,
    ArrowRight: from + 1,
    ArrowUp: from - columns < 0 ? from : from - columns,
    ArrowDown: from + columns >= count ? last(from, count, columns) : from + columns,
    PageUp: from - columns * page < 0 ? from % columns : from - columns * page,
    PageDown: Math.min(count - 1, from + columns * page),
    Home: row,
    End: row + columns - 1,
    "Mod+Home": 0,
    "Mod+End": count - 1,
  };
  const to = steps[key];
  return to === undefined || count === 0 ? undefined : Math.max(0, Math.min(count - 1, to));
}

/** Down from the last row but one, where the last has no tile below: its last tile; from the last row: stay. */
function last(from: number, count: number, columns: number): number {
  return Math.floor(from / columns) < Math.floor((count - 1) / columns) ? count - 1 : from;
}
