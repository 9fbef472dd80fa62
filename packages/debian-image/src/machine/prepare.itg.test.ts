import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { command, run } from '../host/index.ts';
import { hostFileSystemTools as tools, listInside, prepareRoot, readInside } from './prepare.ts';

const mebibyte = 2 ** 20;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prepare-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function image(keys?: string): Promise<string> {
  const tree = join(folder, 'tree');
  await mkdir(join(tree, 'root'), { recursive: true });
  if (keys !== undefined) {
    await mkdir(join(tree, 'root/.ssh'));
    await writeFile(join(tree, 'root/.ssh/authorized_keys'), keys, { mode: 0o644 });
  }
  const path = join(folder, 'image.ext4');
  await run(tools.tool('mke2fs', ['-q', '-t', 'ext4', '-d', tree, path, '16M']), { doing: 'test' });
  return path;
}

const show = async (path: string, request: string): Promise<string> =>
  (await run(tools.tool('debugfs', ['-R', request, path]), { doing: 'test' })).stdout;

it.each([
  ['host', 64],
  ['guest', 16],
] as const)('grown by the %s: %i MiB of file system in 64 MiB of file', async (growth, size) => {
  const source = await image();
  // as the store keeps its blobs
  await chmod(source, 0o444);
  const target = join(folder, 'a copy.ext4');
  await prepareRoot({ source, target, size: 64 * mebibyte, growth, publicKey: 'ssh-rsa AAAA test', tools });
  expect((await stat(target)).size).toBe(64 * mebibyte);
  const counts = await show(target, 'stats -h');
  const [, blocks] = /^Block count:\s+(\d+)/m.exec(counts) ?? [];
  const [, blockSize] = /^Block size:\s+(\d+)/m.exec(counts) ?? [];
  expect(Number(blocks) * Number(blockSize)).toBe(size * mebibyte);
  expect(await readInside(tools, target, '/root/.ssh/authorized_keys')).toBe('ssh-rsa AAAA test\n');
  expect(await listInside(tools, target, '/root/.ssh')).toContain('authorized_keys');
  expect(await show(target, 'stat /root/.ssh')).toMatch(/Mode:\s+0700[^]*User:\s+0\s+Group:\s+0/);
  expect(await show(target, 'stat /root/.ssh/authorized_keys')).toMatch(/Mode:\s+0600[^]*User:\s+0\s+Group:\s+0/);
  await run(command('e2fsck', ['-fn', target]), { doing: 'test' });
});

it('keeps the keys that are there', async () => {
  const source = await image('ssh-rsa AAAA first');
  const target = join(folder, 'copy.ext4');
  await prepareRoot({ source, target, size: 16 * mebibyte, growth: 'guest', publicKey: 'ssh-rsa BBBB second', tools });
  expect(await readInside(tools, target, '/root/.ssh/authorized_keys')).toBe('ssh-rsa AAAA first\nssh-rsa BBBB second\n');
  expect(await readInside(tools, source, '/root/.ssh/authorized_keys')).toBe('ssh-rsa AAAA first');
  await run(command('e2fsck', ['-fn', target]), { doing: 'test' });
});

it('adds the key to an empty folder that is there', async () => {
  const source = await image();
  await run(tools.tool('debugfs', ['-w', '-R', 'mkdir /root/.ssh', source]), { doing: 'test' });
  const target = join(folder, 'copy.ext4');
  await prepareRoot({ source, target, size: 16 * mebibyte, growth: 'guest', publicKey: 'ssh-rsa AAAA only', tools });
  expect(await readInside(tools, target, '/root/.ssh/authorized_keys')).toBe('ssh-rsa AAAA only\n');
  await run(command('e2fsck', ['-fn', target]), { doing: 'test' });
});

it('refuses a flavour smaller than the image', async () => {
  const source = await image();
  const preparing = prepareRoot({
    source,
    target: join(folder, 'small'),
    size: 8 * mebibyte,
    growth: 'host',
    publicKey: 'ssh-rsa AAAA',
    tools,
  });
  await expect(preparing).rejects.toMatchObject({ reason: 'invalid' });
});
