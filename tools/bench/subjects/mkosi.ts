import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { command, run } from '../../../packages/debian-image/src/host/index.ts';
import type { Recipe } from '../recipe.ts';
import type { Subject } from '../subject.ts';

/** The first release that works without systemd-nspawn and so without a system manager; before it options had other names too. */
const oldest = 20;

/** mkosi making a tar: a disk would need the systemd-repart of a newer systemd than bookworm's. */
export function mkosi({ release, packages, mirror }: Recipe, scratch: string): Subject {
  const folder = join(scratch, 'mkosi');
  return {
    name: 'mkosi',
    title: 'mkosi: the same packages as a tar, download included',
    async obstacle() {
      const version = await run(command('mkosi', ['--version']), { doing: 'asking mkosi for its version' }).catch(() => undefined);
      if (version === undefined) return 'it is not installed';
      const number = Number(/\d+/.exec(version.stdout)?.[0]);
      return number >= oldest
        ? undefined
        : `version ${number} runs its steps in systemd-nspawn, which needs systemd's bus; use ${oldest} or newer`;
    },
    async prepare() {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
    },
    command() {
      // --local-mirror: this mirror alone, for not every mirror has the suite of debug symbols that mkosi asks for otherwise
      const what = ['--distribution=debian', `--release=${release}`, '--format=tar', '--bootable=no', `--local-mirror=${mirror}`];
      const where = [`--output-directory=${folder}`, '--compress-output=none', '--force', 'build'];
      return command('mkosi', [...what, ...packages.map((name) => `--package=${name}`), ...where], { cwd: folder });
    },
  };
}
