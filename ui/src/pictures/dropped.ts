// What a drag or the clipboard brings.

/** Larger files are refused before they are read, bytes. */
export const LARGEST = 100_000_000;

/** The pictures among the files; else the first file: what is none is refused in words later, not silently here. */
export function filesOf(data: DataTransfer | null): File[] {
  const files = [...(data?.files ?? [])];
  const pictures = files.filter((file) => file.type.startsWith("image/"));
  return pictures.length > 0 ? pictures : files.slice(0, 1);
}
