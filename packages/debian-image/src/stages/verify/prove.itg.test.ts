import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '@nx-debian-image/artifact-store';
import { type Progress, silent } from '@nx-debian-image/report';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from '../../host/index.ts';
import { withoutProgram } from '../../host/testing/absent-program.ts';
import { imageSchema, resolveImage } from '../../image/index.ts';
import { hostFileSystemTools as tools } from '../../machine/index.ts';
import { makeTinyGuest, type TinyGuest } from '../../machine/testing/tiny-guest.ts';
import type { VerifyOptions } from './options.ts';
import { verify, type Verified } from './run.ts';

// Guests that a cloud would have to give up: what is told of them, and that nothing of them is left.

const mebibyte = 2 ** 20;
let folder: string;
let guest: TinyGuest;
let store: Store;
let root: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-test-'));
  guest = await makeTinyGuest(folder);
  store = await Store.open(join(folder, 'store'));
  root = join(folder, 'root.ext4');
  await mkdir(join(folder, 'empty/root'), { recursive: true });
  await run(tools.tool('mke2fs', ['-q', '-t', 'ext4', '-d', join(folder, 'empty'), root, '8M']), { doing: 'test' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function verified(commandLine: string, more: Partial<VerifyOptions> = {}): Promise<Verified> {
  const glance = { cloud: 'test', properties: { os_command_line: commandLine } };
  const scratch = await mkdtemp(join(folder, 'scratch-'));
  const part = (path: string) => ({ path, digest: 'sha256:00' });
  return verify({
    image: resolveImage(imageSchema.parse({ release: 'bookworm', upload: { glance } }), folder, 'tiny'),
    architecture: 'amd64',
    flavour: { memory: 256 * mebibyte, processors: 1, disk: 16 * mebibyte },
    // a minute of silence, two and a half in all
    patience: 0.5,
    kernel: part(guest.kernel),
    ramdisk: part(guest.ramdisk),
    root: part(root),
    installed: new Set(),
    machine: { hostname: 'build-machine-7', machineId: '', folders: [] },
    accelerator: { name: 'tcg', why: 'the same on every host' },
    tools,
    scratch,
    store,
    progress: silent,
    signal: new AbortController().signal,
    ...more,
  });
}

/** The machines whose disks are in the folder of this test. */
function machines(): string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const lines = processes.map((pid) => (existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : ''));
  return lines.filter((line) => line.includes('qemu-system') && line.includes(folder));
}

const textOf = async ({ draft }: Verified, name: string): Promise<string> => {
  const { descriptor } = draft.blobs.find((blob) => blob.name === name)!;
  return readFile(store.blobPath(descriptor.digest), 'utf8');
};

it.each([
  ['panics', 'console=ttyS0 does=panic', /its kernel panicked.*Attempted to kill init/, /of one version/],
  ['starts again and again', 'console=ttyS0 does=reboot', /it starts again and again/, /before its last start/],
  ['stops in its initramfs', 'console=ttyS0 does=shell', /initramfs \(ALERT!.*\/dev\/vda does not exist/, /virtio_blk and virtio_pci/],
  [
    'is asked for another disk',
    'console=ttyS0 root=/dev/vdz does=shell',
    /\/dev\/vdz does not exist/,
    /the disk of an instance is \/dev\/vda/,
  ],
])('says of a guest that %s what was seen last, and leaves no machine', async (_, commandLine, message, hint) => {
  const result = await verified(commandLine);
  expect(result.failure).toMatchObject({ reason: 'command-failed', message: 'tiny is not what it must be: 1 of 5 checks do not hold' });
  expect(result.failure?.said).toMatch(message);
  expect(result.failure?.hint).toMatch(hint);
  expect(await textOf(result, 'report.txt')).toMatch(/NOT OK {2}login prompt .*[^]*\n {4}\S/);
  expect(await textOf(result, 'console.log')).toContain('Linux version');
  expect(await textOf(result, 'junit.xml')).toContain('failures="1"');
  expect(machines()).toEqual([]);
});

it('starts a guest once more that hangs without a word, with the serial port as its last console', async () => {
  const { failure, draft } = await verified('console=ttyS0 does=nothing', { patience: 0.08 });
  expect(failure?.said).toMatch(/^triplet: login prompt: .*silent for \d+ s[^]*^once more: login prompt: .*silent for \d+ s/m);
  expect(draft.blobs.map(({ name }) => name)).toEqual(['report.txt', 'report.json', 'junit.xml', 'console.log', 'console-once-more.log']);
  expect(machines()).toEqual([]);
});

it('refuses an image that shows nothing of itself', async () => {
  const image = resolveImage(imageSchema.parse({ release: 'bookworm', console: 'none' }), folder, 'tiny');
  await expect(verified('', { image })).rejects.toMatchObject({ reason: 'invalid', hint: /openssh-server/ });
});

describe('of a bare disk', () => {
  const step = vi.fn<Progress['step']>();
  const tried = (architecture: VerifyOptions['architecture']): Promise<Verified> => {
    const bare = { path: root, digest: 'sha256:00', format: 'raw', virtualSize: 8 * mebibyte, firmware: ['uefi'] };
    return verified('', { bare, architecture, progress: { ...silent, step } });
  };

  it('says what firmware is missing before anything is done', async () => {
    await expect(tried('riscv64')).rejects.toMatchObject({ reason: 'invalid', message: /no UEFI/ });
    expect(step).not.toHaveBeenCalled();
  });

  it('says what program is missing before anything is done', async () => {
    await withoutProgram('qemu-img', join(folder, 'without'));
    const message = 'starting a bare disk needs qemu-img, which is not on this machine';
    await expect(tried('amd64')).rejects.toMatchObject({ reason: 'missing-tool', message, hint: /qemu-utils$/ });
    expect(step).not.toHaveBeenCalled();
  });
});

it('leaves no machine where it is cancelled', async () => {
  const controller = new AbortController();
  const verifying = verified('console=ttyS0 does=nothing', { signal: controller.signal });
  while (machines().length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  controller.abort();
  await expect(verifying).rejects.toMatchObject({ reason: 'cancelled' });
  expect(machines()).toEqual([]);
});
