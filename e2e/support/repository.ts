import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { run } from './command.ts';

/** This repository. */
export const repository = join(import.meta.dirname, '../..');

/** Copies this repository as a clean checkout has it, its own packages linked as npm links them and those of others shared. */
export async function copyRepository(to: string): Promise<void> {
  const known = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: repository });
  for (const file of known.split('\0').filter((name) => name !== '' && existsSync(join(repository, name)))) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await copyFile(join(repository, file), join(to, file));
  }
  await shareModules(join(repository, 'node_modules'), join(to, 'node_modules'));
  for (const folder of await readdir(join(to, 'packages'))) {
    const link = join(to, 'node_modules', folder === 'nx-debian-image' ? folder : `@nx-debian-image/${folder}`);
    await mkdir(dirname(link), { recursive: true });
    await symlink(relative(dirname(link), join(to, 'packages', folder)), link);
  }
}

async function shareModules(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    const own = name === 'nx-debian-image' || name === '@nx-debian-image';
    if (own || name.startsWith('.package-lock') || name.startsWith('.vite')) continue;
    if (name.startsWith('@')) await shareModules(join(from, name), join(to, name));
    else await symlink(join(from, name), join(to, name));
  }
}
