import { Failure } from '@nx-debian-image/report';

/** One image to make; with a variant it starts from the image of the same release and architecture. */
export interface Cell {
  readonly name: string;
  readonly release: string;
  readonly arch: string;
  readonly variant: string | undefined;
}

export interface MatrixOptions {
  readonly name?: string | undefined;
  readonly releases: readonly string[];
  readonly architectures: readonly string[];
  readonly variants: readonly string[];
}

/**
 * The images that several releases, architectures and variants make, each named RELEASE-ARCH or RELEASE-ARCH-VARIANT; a single one may
 * have a name of its own. Fails as `invalid` where one name is given for several.
 */
export function planMatrix({ name, releases, architectures, variants }: MatrixOptions): Cell[] {
  const cells = releases.flatMap((release) =>
    architectures.flatMap((arch) =>
      (variants.length === 0 ? [undefined] : variants).map((variant) => ({ name: nameOf(release, arch, variant), release, arch, variant })),
    ),
  );
  if (name === undefined) return cells;
  if (cells.length > 1) {
    throw new Failure('invalid', `one name, "${name}", for ${cells.length} images`, {
      hint: `Leave the name away: they are called ${cells.map((cell) => cell.name).join(', ')}.`,
    });
  }
  return cells.map((cell) => ({ ...cell, name }));
}

export function nameOf(release: string, arch: string, variant?: string): string {
  return [release, arch, variant].filter((part) => part !== undefined).join('-');
}

/** The values of an option that takes several: a list, or words with commas between. */
export function valuesOf(option: string | readonly string[] | undefined): string[] {
  const words = typeof option === 'string' ? [option] : (option ?? []);
  return [...new Set(words.flatMap((word) => word.split(',')).map((word) => word.trim()))].filter((word) => word !== '');
}
