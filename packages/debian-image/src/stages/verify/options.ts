import type { Progress } from '@nx-debian-image/report';
import type { FileSystemTools } from '../../disk/tools.ts';
import type { Flavour, Image } from '../../image/index.ts';
import type { Accelerator, MachineArchitectureName } from '../../machine/index.ts';
import type { BuildMachine } from './still/traces.ts';

/** A file of the image with the digest that it was found by. */
export interface ImagePart {
  readonly path: string;
  readonly digest: string;
}

/** The bare disk of an image and what starts it. */
export interface BareDisk extends ImagePart {
  /** As QEMU names it. */
  readonly format: string;
  readonly virtualSize: number;
  readonly firmware: readonly string[];
}

export interface VerifyOptions {
  readonly image: Image;
  readonly architecture: MachineArchitectureName;
  readonly flavour: Flavour;
  /** How many times slower than usual an instance may be. */
  readonly patience: number;
  readonly kernel: ImagePart;
  readonly ramdisk: ImagePart;
  readonly root: ImagePart;
  readonly bare?: BareDisk | undefined;
  /** The names of the packages that are in the image. */
  readonly installed: ReadonlySet<string>;
  /** Whose traces must not be in the image. */
  readonly machine: BuildMachine;
  readonly accelerator: Accelerator;
  readonly tools: FileSystemTools;
  /** A folder for a while, with room for the disks of three instances (sparse). */
  readonly scratch: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}
