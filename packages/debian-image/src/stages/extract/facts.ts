import type { Digested } from '../../disk/blocks/slice.ts';
import type { Firmware } from '../../debian/boot-loader.ts';
import type { FormName } from '../../disk/forms/names.ts';

/** A file that a cloud is given; digests in hexadecimal. */
export interface ExtractedFile {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly sha512: string;
  readonly md5: string;
}

/** A disk that boots by itself, packed. */
export interface BareFacts {
  /** The bytes of the disk that a machine sees. */
  readonly virtualSize: number;
  /** What starts it. */
  readonly firmware: readonly Firmware[];
  readonly forms: Readonly<Partial<Record<FormName, ExtractedFile>>>;
}

/** The facts of extract. */
export interface ExtractConfig {
  readonly release: string;
  readonly architecture: string;
  readonly kernelVersion: string;
  readonly root: { readonly uuid: string; readonly label: string };
  readonly files: { readonly kernel: ExtractedFile; readonly ramdisk: ExtractedFile; readonly root: ExtractedFile };
  /** Where image.json asks for it. */
  readonly bare?: BareFacts;
}

/** The facts of a file of a name. */
export function factsOf(name: string, { digests, size }: Digested): ExtractedFile {
  return { name, size, ...digests };
}
