import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LockedPackage } from '../../packages/debian-image/src/debian/archive/package.ts';
import { openToolTree } from '../../packages/debian-image/src/debian/tools/tree.ts';
import type { FileSystemTools } from '../../packages/debian-image/src/disk/tools.ts';
import { command, run } from '../../packages/debian-image/src/host/index.ts';
import { commandLineFor, hostFileSystemTools, prepareRoot, startMachine } from '../../packages/debian-image/src/machine/index.ts';
import { formatDuration, silent } from '../../packages/report/src/index.ts';
import { Store } from '../../packages/artifact-store/src/index.ts';
import type { Recipe } from './recipe.ts';
import { artifactFolder, readJson } from './state.ts';
import { median, renderTable } from './table.ts';
import { type BenchWorkspace, imageName } from './workspace.ts';

/** Seconds from the start of a machine to its login prompt, of each round: the built image, and the packages as mmdebstrap leaves them. */
export interface BootTimes {
  readonly built: readonly number[];
  readonly untouched: readonly number[];
}

export interface BootOptions {
  readonly recipe: Recipe;
  readonly runs: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

const diskBytes = 3 * 2 ** 30;
const loginLimit = 600;
/** Of the untouched root file system, which nothing grows. */
const untouchedMebibytes = 2048;

/** Starts both in turn, with one kernel and its own ramdisk each, on a new disk of 3 GiB each time; without KVM, for that is what is aimed at. */
export async function measureBoot(workspace: BenchWorkspace, { recipe, runs, signal, say }: BootOptions): Promise<BootTimes> {
  const folder = join(workspace.scratch, 'boot');
  await mkdir(folder, { recursive: true });
  await run(workspace.nx(['run', `${imageName}:extract`], false), { doing: 'building the image', signal, onLine: () => {} });
  const extracted = (name: string): string => join(artifactFolder(workspace, 'extract'), name);
  const plain = await makeUntouched(workspace, recipe, folder, signal);
  const parts = {
    built: { root: extracted('root.ext4'), ramdisk: extracted('initrd'), writable: '' },
    // nothing mounts its root for writing, for it has no fstab
    untouched: { root: plain.root, ramdisk: plain.ramdisk, writable: 'rw ' },
  };
  const times = { built: [] as number[], untouched: [] as number[] };
  for (let round = 1; round <= runs; round += 1) {
    for (const name of ['built', 'untouched'] as const) {
      const { root, ramdisk, writable } = parts[name];
      const target = join(folder, 'copy.ext4');
      await prepareRoot({ source: root, target, size: diskBytes, growth: 'guest', tools: hostFileSystemTools, signal });
      const machine = await startMachine({
        architecture: 'amd64',
        accelerator: { name: 'tcg', why: 'what is aimed at is a time without KVM' },
        memory: 2 ** 30,
        processors: 2,
        disks: [{ path: target, format: 'raw' }],
        kernel: extracted('vmlinuz'),
        ramdisk,
        commandLine: `${writable}${commandLineFor('amd64')}`,
        consoleLog: join(folder, `${name}.log`),
        progress: silent,
        signal,
      });
      try {
        times[name].push(await machine.untilLogin(loginLimit));
      } finally {
        await machine.stop();
        await rm(target);
      }
      say(`${round}/${runs} boot of ${name}: ${formatDuration(times[name].at(-1)! * 1000)}`);
    }
  }
  return times;
}

/** The same packages by mmdebstrap as it comes in an ext4, and the ramdisk that was made there. */
async function makeUntouched(
  workspace: BenchWorkspace,
  { release, packages, mirror, security }: Recipe,
  folder: string,
  signal: AbortSignal,
) {
  const tar = join(folder, 'untouched.tar');
  const root = join(folder, 'untouched.ext4');
  const tools = await toolsOf(workspace, signal);
  const include = ['--variant=minbase', `--include=${packages.join(',')}`, release, tar, `deb ${mirror} ${release} main`, security];
  await run(command('mmdebstrap', include), { doing: 'making an untouched tree', signal, onLine: () => {} });
  await run(tools.tool('mke2fs', ['-q', '-t', 'ext4', '-b', '4096', '-d', tar, root, `${untouchedMebibytes}M`]), {
    doing: 'making its root file system',
    signal,
  });
  const ramdisk = join(folder, 'untouched.initrd');
  const { kernelVersion } = await readJson<{ kernelVersion: string }>(join(artifactFolder(workspace, 'extract'), 'config.json'));
  const output = createWriteStream(ramdisk);
  await run(command('tar', ['--extract', '--to-stdout', '--file', tar, `./boot/initrd.img-${kernelVersion}`]), {
    doing: 'taking its ramdisk out',
    output,
    signal,
  });
  await rm(tar);
  return { root, ramdisk };
}

async function toolsOf(workspace: BenchWorkspace, signal: AbortSignal): Promise<FileSystemTools> {
  const { tools } = await readJson<{ tools: LockedPackage[] }>(join(artifactFolder(workspace, 'install'), 'config.json'));
  return openToolTree(tools, await Store.open(workspace.store), signal);
}

/** What is aimed at: the built image takes at most 1.1 times as long. */
export function renderBoot({ built, untouched }: BootTimes): string {
  const base = median(untouched);
  const row = (what: string, seconds: readonly number[], aim: string): string[] => [
    what,
    Math.min(...seconds).toFixed(1),
    median(seconds).toFixed(1),
    (median(seconds) / base).toFixed(2),
    aim,
  ];
  return renderTable(
    ['start to login prompt, without KVM', 'least s', 'median s', '× untouched', 'aim'],
    [row('the built triplet', built, '1.10'), row('the same kernel on a tree of mmdebstrap', untouched, '')],
  );
}
