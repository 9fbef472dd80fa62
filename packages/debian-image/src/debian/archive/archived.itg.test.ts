import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Failure } from '@nx-debian-image/report';
import { beforeAll, expect, it } from 'vitest';
import { afterwards } from '../../host/testing/afterwards.ts';
import { prepareApt } from './apt.ts';
import { renderBuildSources } from './sources.ts';
import { serve, type TestMirror } from './testing/mirror.ts';
import { makeSigners, type Signer } from './testing/signer.ts';
import { writeArchive } from './testing/signed-archive.ts';
import { updateLists } from './update.ts';

// An archive as archive.debian.org has it: nobody has signed it for years, with keys that have expired since.

const { signal } = new AbortController();
let folder: string;
let mirror: TestMirror;
let signers: Record<'debian' | 'stranger', Signer>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archived-'));
  afterwards(() => rm(folder, { recursive: true, force: true }));
  signers = await makeSigners(await mkdtemp(join(folder, 'keys-')), ['debian', 'stranger'], '20180301T000000');
  const validUntil = new Date(Date.now() - 1000 * 86_400_000);
  const web = join(folder, 'web');
  await writeArchive(web, { suite: 'old', packages: [], signer: signers.debian, validUntil });
  await writeArchive(web, { suite: 'strange', packages: [], signer: signers.stranger, validUntil });
  await writeArchive(web, { suite: 'changed', packages: [], signer: signers.debian, validUntil });
  const changed = join(web, 'dists/changed/InRelease');
  await writeFile(changed, (await readFile(changed, 'utf8')).replace('Origin: Test', 'Origin: Evil'));
  mirror = await serve(web);
});

async function update(suite: string, archived: boolean): Promise<string> {
  const sources = renderBuildSources([{ uri: mirror.url, suite, components: ['main'] }], signers.debian.keyring);
  const lists = await mkdtemp(join(folder, 'apt-'));
  const apt = await prepareApt({ folder: lists, architecture: 'amd64', recommends: false, sources, archived, inherited: '' });
  return updateLists(apt, signal).then(
    () => 'taken',
    ({ reason, said }: Failure) => `${reason}: ${said}`,
  );
}

it('is taken where the release is archived, and nowhere else', async () => {
  expect(await update('old', true)).toBe('taken');
  expect(await update('old', false)).toMatch(/^bad-signature: [^]*EXPKEYSIG/);
});

it('is refused where its key is not known, expired or not', async () => {
  expect(await update('strange', true)).toMatch(/^bad-signature: [^]*NO_PUBKEY/);
});

it('is refused where it was changed after it was signed', async () => {
  expect(await update('changed', true)).toMatch(/^bad-signature: [^]*BADSIG/);
});
