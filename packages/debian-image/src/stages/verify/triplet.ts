import { join } from 'node:path';
import { serialConsole } from '../../debian/serial-console.ts';
import { commandLineFor, prepareRoot } from '../../machine/index.ts';
import { type Access, seedDisks } from './access.ts';
import type { Preparation } from './instance.ts';
import type { VerifyOptions } from './options.ts';

/** The property of an image by which Nova starts its kernel with another command line than its own. */
const commandLineProperty = 'os_command_line';

/** What Nova starts the kernel of an image with. */
function commandLineOf({ image, architecture }: VerifyOptions): string {
  return image.upload.glance?.properties[commandLineProperty] ?? commandLineFor(architecture);
}

/** The same with the serial port as the last console, which is the one that an initramfs speaks on. */
export function heardCommandLine(options: VerifyOptions): string {
  return `${commandLineOf(options)} console=${serialConsole(options.architecture)}`;
}

/** What Nova does with kernel, ramdisk and root file system: a copy of the root as large as the flavour's disk, a key in it or on a disk beside it. */
export function tripletOf(options: VerifyOptions, access: Access, commandLine = commandLineOf(options)): Preparation {
  const { image, flavour, kernel, ramdisk, root, tools, signal } = options;
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
      commandLine,
    };
  };
}
