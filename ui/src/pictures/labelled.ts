// Where the keys lead in a table of pictures: to the next cell that has one.

/** A cell. */
export interface Cell {
  row: number;
  column: number;
}

const ARROWS: Record<string, [row: number, column: number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** The cell that a key leads to; undefined where there is none, or for a key that leads nowhere. */
export function stepInTable(
  key: string,
  from: Cell,
  cells: readonly (readonly unknown[])[],
): Cell | undefined {
  const filled = (cell: Cell) => cells[cell.row]?.[cell.column] !== undefined;
  if (key === "Home" || key === "End") {
    const all = cells.flatMap((row, y) => row.map((_, x) => ({ row: y, column: x }))).filter(filled);
    return all.at(key === "Home" ? 0 : -1);
  }
  const arrow = ARROWS[key];
  if (!arrow) return undefined;
  const [down, right] = arrow;
  const width = Math.max(0, ...cells.map((row) => row.length));
  let cell = { row: from.row + down, column: from.column + right };
  while (cell.row >= 0 && cell.row < cells.length && cell.column >= 0 && cell.column < width) {
    if (filled(cell)) return cell;
    cell = { row: cell.row + down, column: cell.column + right };
  }
  return undefined;
}
