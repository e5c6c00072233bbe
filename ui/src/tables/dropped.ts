// What was dropped, for a table: pictures, those that lie in a dropped folder itself, and files with lines.

/** Pictures as files are named. */
export const PICTURE_FILES = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tiff", "tif"];
/** Files with lines, as they are named. */
export const LINES_FILES = ["csv", "jsonl"];
/** Larger files with lines are refused before they are read, bytes. */
export const LARGEST_LINES = 64_000_000;

const order = new Intl.Collator(undefined, { numeric: true });

/** The pictures in natural order; the entries must be asked for before anything is waited for, so that this is called in the event itself. */
export async function picturesIn(data: DataTransfer): Promise<File[]> {
  const folders = [...data.items].flatMap((item) => {
    const entry = item.webkitGetAsEntry?.();
    return entry?.isDirectory ? [entry as FileSystemDirectoryEntry] : [];
  });
  const loose = [...data.files].filter(({ name }) => isPicture(name));
  const inside = await Promise.all(folders.map(filesIn));
  return [...loose, ...inside.flat()].sort((a, b) => order.compare(a.name, b.name));
}

async function filesIn(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const reader = folder.createReader();
  const files: File[] = [];
  // A reader gives a part at a time, and nothing at the end.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (entries.length === 0) return files;
    const pictures = entries.filter((entry) => entry.isFile && isPicture(entry.name));
    files.push(...(await Promise.all(pictures.map((entry) => fileOf(entry as FileSystemFileEntry)))));
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((done, fail) => entry.file(done, fail));
}

/** The files with lines, as a dialog would offer them. */
export function linesIn(data: DataTransfer): File[] {
  return [...data.files].filter(({ name }) => LINES_FILES.includes(ending(name)));
}

/** Whether a file is a picture, by its name. */
export function isPicture(name: string): boolean {
  return PICTURE_FILES.includes(ending(name));
}

function ending(name: string): string {
  return name.split(".").at(-1)?.toLowerCase() ?? "";
}
