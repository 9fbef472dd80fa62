import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { silent } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { publish } from './publish.ts';
import { filesIn, listed, temporaryFolder } from './testing/folders.ts';
import { finished, killAfter, startWorker } from './testing/processes.ts';
import { product, triplet } from './testing/samples.ts';

it('loses no entry of images that are published at the same time', async () => {
  const folder = await temporaryFolder();
  const catalog = join(folder, 'catalog');
  await Promise.all(
    ['squeeze-amd64', 'lenny-amd64', 'etch-amd64'].map((image) => finished(startWorker('several', catalog, image, folder))),
  );
  const two = ['20261122.3', '20261122.4'];
  expect(await listed(catalog)).toEqual({
    'debian:squeeze:amd64:etch-amd64': two,
    'debian:squeeze:amd64:lenny-amd64': two,
    'debian:squeeze:amd64:squeeze-amd64': two,
  });
  expect((await filesIn(catalog)).filter((file) => /(^|\/)\./.test(file))).toEqual([]);
});

it('removes the unfinished folder of a publisher that was killed', async () => {
  const folder = await temporaryFolder();
  const catalog = join(folder, 'catalog');
  await killAfter(startWorker('stuck', catalog, 'squeeze-amd64', folder), 0);
  expect(await readdir(join(catalog, 'squeeze-amd64'))).toHaveLength(1);
  const items = await triplet(folder, 'next');
  await publish({ catalog, keep: 2, product: product(), version: '20261122', items, progress: silent });
  expect(await readdir(join(catalog, 'squeeze-amd64'))).toEqual(['20261122', 'latest']);
});

it.each([0, 3, 7, 12, 20])('is valid after kill -9 at any moment (%i ms), and the next run finishes the work', async (milliseconds) => {
  const folder = await temporaryFolder();
  const catalog = join(folder, 'catalog');
  await killAfter(startWorker('endless', catalog, 'squeeze-amd64', folder), milliseconds);
  await listed(catalog);
  const items = await triplet(folder, 'next');
  await publish({ catalog, keep: 2, product: product(), version: '20261123', items, progress: silent });
  const versions = (await listed(catalog))['debian:squeeze:amd64:squeeze-amd64'];
  expect(versions).toHaveLength(2);
  expect(await readdir(join(catalog, 'squeeze-amd64'))).toEqual([...versions!.toSorted(), 'latest']);
  expect(await readlink(join(catalog, 'squeeze-amd64/latest'))).toBe('20261123');
});
