import { Failure } from '@nx-debian-image/report';
import type { Architecture } from '../names.ts';
import type { LockedPackage } from '../archive/package.ts';
import { namedPackages, resolvePackages } from '../archive/resolve.ts';
import { bootLoaderOf } from '../boot-loader.ts';
import { lockCommand } from '../lock/read.ts';
import type { Lock } from '../lock/schema.ts';
import { lockedTools } from './locked.ts';
import { chooseTools, chosenOnce, type ToolOptions, toolRelease } from './resolve.ts';

/** grub-mkimage makes GRUB's core image, mtools the EFI system partition. */
const programs = ['grub-common', 'mtools'];

/** The programs that put a boot loader on a disk, chosen once per machine; `architecture` is that of the machine. */
export function resolveBootLoaderTools(options: ToolOptions): Promise<readonly LockedPackage[]> {
  const doing = `choosing the tools of ${toolRelease.name} that make a boot loader on ${options.architecture}`;
  return chosenOnce(`tools-boot-loader-${options.architecture}`, doing, options, () =>
    chooseTools(options, (apt, signal) => resolvePackages({ apt, wanted: programs, signal })),
  );
}

/** The boot loader for disks of an architecture that has one, chosen once per machine. It is of the tools' release whatever that of the image is. */
export function resolveBootLoader(architecture: Architecture, options: ToolOptions): Promise<readonly LockedPackage[]> {
  const { packages, packagesOf } = bootLoaderOf(architecture)!;
  const doing = `choosing the boot loader of ${toolRelease.name} for ${architecture}`;
  const ofDisk = { ...options, architecture: packagesOf };
  return chosenOnce(`tools-boot-loader-files-${architecture}`, doing, options, () =>
    chooseTools(ofDisk, (apt, signal) => namedPackages({ apt, wanted: packages, signal })),
  );
}

/** What a lock has of both for a machine. Fails as `invalid` where it was made before the image was to boot by itself. */
export function lockedBootLoader({ bootLoader }: Lock, architecture: string, of: { image: string; file: string }): LockedPackage[] {
  if (bootLoader !== undefined) return [...lockedTools(bootLoader, architecture, of), ...bootLoader.files];
  throw new Failure('invalid', 'the lock has no boot loader, which disk.bare of image.json needs', {
    where: of.file,
    hint: `\`${lockCommand(of.image)}\` adds it; the packages of the image may be refreshed by that.`,
  });
}
