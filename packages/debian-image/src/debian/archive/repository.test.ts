import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, Store } from '@nx-debian-image/artifact-store';
import { beforeAll, expect, it } from 'vitest';
import { afterwards } from '../../host/testing/afterwards.ts';
import { joinPackages } from './package.ts';
import { writeRepository } from './repository.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repository-test-'));
  afterwards(() => rm(folder, { recursive: true }));
});

const stanza = `Package: vim
Version: 2:9.0
Architecture: amd64
Multi-Arch: foreign
Tag: role::program,
 implemented-in::c,
 works-with::text
Filename: pool/main/v/vim.deb
Size: 10
MD5sum: 0
SHA1: 0
SHA256: 0
Description: short
 long
Description-md5: 0`;

it('is an archive of exactly these packages, in the bytes that the store has', async () => {
  const store = await Store.open(join(folder, 'store'));
  const blob = await store.putBytes('unpacked', 'deb');
  const packages = joinPackages([{ uri: 'http://mirror/vim.deb', file: 'vim_2%3a9.0_amd64.deb' }], [stanza]);
  const repository = join(folder, 'repository');
  await writeRepository(repository, 'bookworm', packages, [blob], store);
  expect((await readdir(repository)).toSorted()).toEqual(['Packages', 'Release', 'vim_2%3a9.0_amd64.deb']);
  expect(await readFile(join(repository, 'vim_2%3a9.0_amd64.deb'), 'utf8')).toBe('unpacked');
  const index = await readFile(join(repository, 'Packages'), 'utf8');
  expect(index).toBe(`Package: vim
Version: 2:9.0
Architecture: amd64
Multi-Arch: foreign
Description: short
 long
Filename: ./vim_2%3a9.0_amd64.deb
Size: 8
SHA256: ${blob.digest.slice('sha256:'.length)}
`);
  expect(await readFile(join(repository, 'Release'), 'utf8')).toContain(
    ` ${digestOf(index).slice('sha256:'.length)} ${index.length} Packages\n`,
  );
});
