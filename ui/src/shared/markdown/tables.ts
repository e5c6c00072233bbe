// Giant tables: the browser lays a whole table out anew for each new row, so a table that grows long goes on in
// further ones below it, in the same box and with the same columns.

/** Rows after which a table goes on in another. */
export const MOST_ROWS = 80;

/** How wide each column is now; undefined where nothing is laid out. */
function columnsOf(table: HTMLTableElement): number[] | undefined {
  const first = table.rows[0];
  const widths = first ? [...first.cells].map((cell) => cell.offsetWidth) : [];
  return widths.some((width) => width > 0) ? widths : undefined;
}

/** Gives a table columns of fixed widths. */
function fix(table: HTMLTableElement, widths: number[]): void {
  const columns = document.createElement("colgroup");
  for (const width of widths) {
    const column = document.createElement("col");
    column.setAttribute("width", String(width));
    columns.append(column);
  }
  table.className = "fixed";
  table.prepend(columns);
}

/** The table that takes the next rows: this one, or a new one below it when this one is long. */
export function tableFor(table: HTMLTableElement): HTMLTableElement {
  if (table.rows.length < MOST_ROWS) return table;
  const next = document.createElement("table");
  const widths = table.querySelector("colgroup") ? undefined : columnsOf(table);
  if (widths) fix(table, widths);
  const columns = table.querySelector("colgroup");
  if (columns) {
    next.className = "fixed";
    next.append(columns.cloneNode(true));
  }
  table.after(next);
  return next;
}
