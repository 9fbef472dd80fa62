import { join } from 'node:path';
import { readImage } from '../../packages/debian-image/src/image/index.ts';
import {
  type Check,
  machineArchitectures,
  type MachineArchitectureName,
  proveTriplet,
} from '../../packages/debian-image/src/machine/index.ts';
import { Failure, formatDuration } from '../../packages/report/src/index.ts';
import type { ProofOptions } from './build.ts';
import type { Row } from './table.ts';

const usualSeconds = 300;

/** Starts the triplet in the folder `files` as Nova would: 1 GiB of memory, two processors, a disk of 3 GiB that the guest grows to. */
export async function boot(
  options: ProofOptions & { readonly files: string; readonly patience: number; readonly scratch: string },
): Promise<Pick<Row, 'login' | 'ssh' | 'off' | 'took' | 'ok' | 'checks'>> {
  const { workspace, image: name, files, patience, scratch, progress, signal } = options;
  const image = await readImage(join(workspace, 'images', name));
  if (!isPlayed(image.arch)) throw new Failure('invalid', `no machine that starts images of ${image.arch} is known here`);
  const begin = Date.now();
  const checks = await proveTriplet({
    kernel: join(files, 'vmlinuz'),
    ramdisk: join(files, 'initrd'),
    root: join(files, 'root.ext4'),
    architecture: image.arch,
    release: image.release,
    flavour: { memory: 1 << 30, processors: 2, disk: 3 * 2 ** 30 },
    growth: 'guest',
    expect: { locales: image.locales, packages: image.packages },
    scratch,
    consoleLog: join(scratch, `${name}.log`),
    limitSeconds: usualSeconds * patience,
    progress,
    signal,
  });
  return { ...judge(checks), took: formatDuration(Date.now() - begin) };
}

function isPlayed(architecture: string): architecture is MachineArchitectureName {
  return architecture in machineArchitectures;
}

function judge(checks: readonly Check[]): Pick<Row, 'login' | 'ssh' | 'off' | 'ok' | 'checks'> {
  const value = (name: string): string => checks.find((check) => check.name === name)?.value.split('\n')[0] ?? '';
  const bad = checks.filter(({ ok }) => !ok).map((check) => check.name);
  const good = checks.length - bad.length;
  return {
    login: value('login prompt'),
    ssh: value('ssh with the injected key'),
    off: value('power off by its button'),
    ok: bad.length === 0,
    checks: bad.length === 0 ? `all ${good} hold` : `${good} of ${checks.length} hold; not: ${bad.join(', ')}`,
  };
}
