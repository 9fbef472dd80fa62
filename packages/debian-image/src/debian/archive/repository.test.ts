import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, Store } from '@nx-debian-image/artifact-store';
import { beforeAll, expect, it } from 'vitest';
import { afterwards } from '../../host/testing/afterwards.ts';
import { writeRepository } from './repository.ts';
import { member, putPackage, tarEntry } from './testing/unpacked.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repository-test-'));
  afterwards(() => rm(folder, { recursive: true }));
});

const control = `Package: vim
Version: 2:9.0
Architecture: amd64
Multi-Arch: foreign
Tag: role::program,
 implemented-in::c,
 works-with::text
Priority: extra
Section: oldeditors
Description: short
 long
`;

const vim = {
  name: 'vim',
  version: '2:9.0',
  architecture: 'amd64',
  sha256: '0'.repeat(64),
  size: 10,
  path: 'pool/main/v/vim.deb',
  archive: 'main',
  priority: 'required',
  section: 'editors',
} as const;

it('is an archive of exactly these packages, in the bytes that the store has', async () => {
  const store = await Store.open(join(folder, 'store'));
  const tar = Buffer.concat([tarEntry('./', 0), tarEntry('./md5sums', 0, 'sums\n'), tarEntry('./control', 0, control)]);
  const blob = await putPackage(store, member('debian-binary', Buffer.from('2.0\n')), member('control.tar', tar));
  const repository = join(folder, 'repository');
  await writeRepository(repository, 'bookworm', [vim], [blob], store);
  expect((await readdir(repository)).toSorted()).toEqual(['Packages', 'Release', 'vim_2%3a9.0_amd64.deb']);
  expect(await readFile(join(repository, 'vim_2%3a9.0_amd64.deb'))).toEqual(await store.read(blob.digest));
  const index = await readFile(join(repository, 'Packages'), 'utf8');
  expect(index).toBe(`Package: vim
Version: 2:9.0
Architecture: amd64
Multi-Arch: foreign
Description: short
 long
Priority: required
Section: editors
Filename: ./vim_2%3a9.0_amd64.deb
Size: ${blob.size}
SHA256: ${blob.digest.slice('sha256:'.length)}
`);
  expect(await readFile(join(repository, 'Release'), 'utf8')).toContain(
    ` ${digestOf(index).slice('sha256:'.length)} ${index.length} Packages\n`,
  );
});
