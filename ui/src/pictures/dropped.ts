// What a drag or the clipboard brings: at most one file is taken.

/** Larger files are refused before they are read, bytes. */
export const LARGEST = 100_000_000;

/** Whether files are dragged, as far as is told before they are dropped. */
export function hasFiles(data: DataTransfer | null): boolean {
  return data?.types.includes("Files") ?? false;
}

/** The first file, pictures before others: what is none is refused in words later, not silently here. */
export function fileOf(data: DataTransfer | null): File | undefined {
  const files = [...(data?.files ?? [])];
  return files.find((file) => file.type.startsWith("image/")) ?? files[0];
}
