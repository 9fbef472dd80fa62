import { join } from 'node:path';
import { prepareRoot } from '../../machine/index.ts';
import type { Preparation } from './instance.ts';
import type { VerifyOptions } from './options.ts';

/** The property of an image by which Nova starts its kernel with another command line than its own. */
const commandLineProperty = 'os_command_line';

/** What Nova does with kernel, ramdisk and root file system: a copy of the root as large as the flavour's disk, and a key in it. */
export function tripletOf({ image, flavour, kernel, ramdisk, root, tools, signal }: VerifyOptions): Preparation {
  const commandLine = image.upload.glance?.properties[commandLineProperty];
  // As Nova leaves it, so that what grows is the image's own work.
  const growth = 'guest';
  return async (publicKey, folder) => {
    const target = join(folder, 'root.ext4');
    await prepareRoot({ source: root.path, target, size: flavour.disk, growth, publicKey, tools, signal });
    return {
      disks: [{ path: target, format: 'raw' }],
      kernel: kernel.path,
      ramdisk: ramdisk.path,
      ...(commandLine === undefined ? {} : { commandLine }),
    };
  };
}
