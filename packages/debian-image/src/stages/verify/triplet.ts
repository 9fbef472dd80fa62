import { join } from 'node:path';
import { prepareRoot } from '../../machine/index.ts';
import { type Access, seedDisks } from './access.ts';
import type { Preparation } from './instance.ts';
import type { VerifyOptions } from './options.ts';

/** The property of an image by which Nova starts its kernel with another command line than its own. */
const commandLineProperty = 'os_command_line';

/** What Nova does with kernel, ramdisk and root file system: a copy of the root as large as the flavour's disk, a key in it or on a disk beside it. */
export function tripletOf({ image, flavour, kernel, ramdisk, root, tools, signal }: VerifyOptions, access: Access): Preparation {
  const commandLine = image.upload.glance?.properties[commandLineProperty];
  // As Nova leaves it, so that what grows is the image's own work.
  const growth = 'guest';
  return async (publicKey, folder) => {
    const target = join(folder, 'root.ext4');
    const keys = access.seed === undefined ? { publicKey } : {};
    await prepareRoot({ source: root.path, target, size: flavour.disk, growth, ...keys, tools, signal });
    const seeds = await seedDisks(access, publicKey, folder, image.hostname);
    return {
      disks: [{ path: target, format: 'raw' }, ...seeds],
      kernel: kernel.path,
      ramdisk: ramdisk.path,
      ...(commandLine === undefined ? {} : { commandLine }),
    };
  };
}
