import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { run } from '../../host/index.ts';
import type { BootLoaderTools } from './tools.ts';

/** Beside what the menu needs what a grub.cfg of `update-grub` asks for, and commands for a person at GRUB's prompt. */
const modules =
  'biosdisk part_gpt part_msdos ext2 memdisk tar normal configfile search search_fs_uuid search_label linux test echo serial terminal minicmd ls cat sleep halt reboot regexp loadenv gzio all_video font gfxterm';

export interface CoreImageOptions {
  readonly tools: BootLoaderTools;
  /** The folder of GRUB's modules in that of the tools. */
  readonly modules: string;
  /** grub.cfg. */
  readonly menu: string;
  /** A folder for work. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/** GRUB's core image for BIOS, the menu inside: it needs no file of the disk but the kernel's. Same arguments, same bytes. */
export async function makeCoreImage({ tools, modules: from, menu, folder, signal }: CoreImageOptions): Promise<Buffer> {
  const archive = join(folder, 'memdisk.tar');
  const image = join(folder, 'core.img');
  await writeFile(archive, await archiveOf('boot/grub/grub.cfg', menu));
  const words = ['--format=i386-pc', `--directory=${join(tools.folder, from)}`, '--prefix=(memdisk)/boot/grub', `--memdisk=${archive}`];
  await run(tools.tool('grub-mkimage', [...words, `--output=${image}`, ...modules.split(' ')]), {
    doing: 'making the core image of GRUB',
    ...(signal ? { signal } : {}),
  });
  return readFile(image);
}

function archiveOf(name: string, content: string): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name, mtime: new Date(0) }, content);
  archive.finalize();
  return buffer(archive);
}
