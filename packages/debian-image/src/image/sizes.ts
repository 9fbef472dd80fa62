const unitBytes = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;

/** A size as text: `16MiB`, `1.5 GiB`, `4096` or `0`. Powers of 1024 only, so that nobody has to guess what `MB` means. */
export const sizePattern = /^(\d+(?:\.\d+)?) ?(B|KiB|MiB|GiB|TiB)?$/;

/** The bytes of a size: a number as it is, text as `sizePattern` has it; undefined where it is neither or no whole number of bytes. */
export function parseSize(size: number | string): number | undefined {
  if (typeof size === 'number') return Number.isSafeInteger(size) && size >= 0 ? size : undefined;
  const [, digits, unit = 'B'] = sizePattern.exec(size) ?? [];
  if (digits === undefined) return undefined;
  const bytes = Number(digits) * unitBytes[unit as keyof typeof unitBytes];
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
