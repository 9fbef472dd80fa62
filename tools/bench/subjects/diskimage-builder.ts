import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { command, isRoot, run } from '../../../packages/debian-image/src/host/index.ts';
import type { Recipe } from '../recipe.ts';
import type { Subject } from '../subject.ts';

/** diskimage-builder making an image without a partition table, of its smallest Debian element. */
export function diskimageBuilder({ release, packages, mirror }: Recipe, scratch: string): Subject {
  const folder = join(scratch, 'diskimage-builder');
  return {
    name: 'diskimage-builder',
    title: 'diskimage-builder: `debian-minimal` and the same packages as qcow2, download included',
    async obstacle() {
      const found = await run(command('disk-image-create', ['--version']), { doing: 'asking for its version' }).catch(() => undefined);
      if (found === undefined) return 'it is not installed';
      return isRoot() ? undefined : 'it has to be root (it mounts loop devices)';
    },
    async prepare() {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
    },
    command() {
      const args = ['-t', 'qcow2', '-o', join(folder, 'image'), '-p', packages.join(','), 'debian-minimal'];
      // its own list has the suite of security updates under the name that it had up to buster
      const sources = `default:deb ${mirror} ${release} main`;
      return command('disk-image-create', args, {
        env: { DIB_RELEASE: release, DIB_DISTRIBUTION_MIRROR: mirror, DIB_APT_SOURCES_CONF: sources },
      });
    },
  };
}
