import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { command, run } from '../../../packages/debian-image/src/host/index.ts';
import { digestIn, makeSigner, withFiles } from './release.ts';

it('names the new bytes of a file in every list, and leaves the others', () => {
  const bytes = Buffer.from('new');
  const release = `Suite: stable\nMD5Sum:\n 00 3 main/a\n 11 4 main/b\nSHA256:\n 22 3 main/a\n 33 4 main/b\n`;
  expect(withFiles(release, new Map([['main/a', bytes]]))).toBe(
    `Suite: stable\nMD5Sum:\n ${digestIn('md5', bytes)} 3 main/a\n 11 4 main/b\nSHA256:\n ${digestIn('sha256', bytes)} 3 main/a\n 33 4 main/b\n`,
  );
});

it('signs with a key that gpgv takes beside others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'signer-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [one, other] = [await makeSigner(join(folder, 'one')), await makeSigner(join(folder, 'other'))];
  const place = async (name: string, bytes: Buffer | string): Promise<string> => {
    await writeFile(join(folder, name), bytes);
    return join(folder, name);
  };
  const keyring = await place('keyring.gpg', Buffer.concat([other.key, one.key]));
  const text = await place('Release', 'Suite: stable\n');
  const signature = await place('Release.gpg', await one.detached('Suite: stable\n'));
  const inline = await place('InRelease', await one.inline('Suite: stable\n'));
  const verify = (...files: string[]): Promise<unknown> => run(command('gpgv', ['--keyring', keyring, ...files]), { doing: 'verifying' });
  await verify(signature, text);
  await verify(inline);
  await place('Release', 'Suite: evil\n');
  await expect(verify(signature, text)).rejects.toMatchObject({ said: expect.stringContaining('BAD signature') });
  await one.end();
  await other.end();
});
