import { Failure } from '@nx-debian-image/report';
import type { Image } from '../image/index.ts';

/** Why something is only for images made by bootstrap: debian-installer does otherwise. */
const reasons = {
  lock: 'debian-installer chooses its packages by itself, so a lock would decide nothing',
  outdated: 'debian-installer chooses its packages by itself, so there is nothing to compare with what apt would choose',
  reproduce: 'debian-installer leaves another disk each time: times, UUIDs and the order of its work are its own',
  shell: 'its system is on a disk and not in a tree',
} as const;

/** Fails as `invalid`, with the reason, for an image made by debian-installer. */
export function requireBootstrap({ name, install }: Pick<Image, 'name' | 'install'>, target: keyof typeof reasons): void {
  if (install.method === 'bootstrap') return;
  throw new Failure('invalid', `${target} is not for ${name}: ${reasons[target]}`, {
    where: 'image.json: install.method',
    hint:
      target === 'shell'
        ? `\`nx run ${name}:start\` starts it in a machine; nothing of that is kept.`
        : `\`nx run ${name}:install --skip-nx-cache\` installs what the archive has now.`,
  });
}
