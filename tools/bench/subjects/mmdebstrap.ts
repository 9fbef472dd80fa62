import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../../../packages/debian-image/src/host/index.ts';
import type { Subject } from '../subject.ts';
import type { Recipe } from '../recipe.ts';

/** Plain mmdebstrap as it comes: download, installation and a tar, its scratch folder on disk. What all others are compared with. */
export function mmdebstrap({ release, packages, mirror }: Recipe, scratch: string): Subject {
  const target = join(scratch, 'mmdebstrap.tar');
  return {
    name: 'mmdebstrap',
    title: 'mmdebstrap: the same packages as a tar, download included',
    prepare: () => rm(target, { force: true }),
    command: () => command('mmdebstrap', ['--variant=minbase', `--include=${packages.join(',')}`, release, target, mirror]),
  };
}
