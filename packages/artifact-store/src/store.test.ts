import { createHash } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { Failure, silent } from '@nx-debian-image/report';
import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from './digest.ts';
import type { Digest } from './manifest.ts';
import { Store } from './store.ts';
import { filesIn, temporaryFolder } from './testing/folders.ts';

let folder: string;
let store: Store;
const work = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};
const failure = (promise: Promise<unknown>): Promise<Failure> =>
  promise.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => (error instanceof Failure ? error : Promise.reject(error)),
  );

beforeAll(async () => {
  folder = await temporaryFolder();
  store = await Store.open(join(folder, 'store'));
});

describe('a store', () => {
  it('is an OCI image layout', async () => {
    const other = await Store.open(join(folder, 'empty'));
    expect(await filesIn(other.folder)).toEqual(['index.json', 'oci-layout']);
    expect(JSON.parse(await readFile(join(other.folder, 'oci-layout'), 'utf8'))).toEqual({ imageLayoutVersion: '1.0.0' });
    const index: unknown = JSON.parse(await readFile(join(other.folder, 'index.json'), 'utf8'));
    expect(index).toEqual({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] });
  });

  it('refuses what is no digest as a file name', () => {
    expect(() => store.blobPath('sha256:../../etc/passwd')).toThrow(Failure);
  });
});

describe('putting', () => {
  it('moves a file in, read-only, without copying it', async () => {
    const path = await work('kernel', 'kernel');
    const { ino } = await stat(path);
    const descriptor = await store.putFile(path, { mediaType: 'application/x-kernel' });
    expect(descriptor).toEqual({ mediaType: 'application/x-kernel', digest: digestOf('kernel'), size: 6 });
    const blob = await stat(store.blobPath(descriptor.digest));
    expect(blob.ino).toBe(ino);
    expect(blob.mode & 0o777).toBe(0o444);
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it('leaves a blob that is there as it is', async () => {
    const { digest } = await store.putBytes('same', 'text/plain');
    const before = await stat(store.blobPath(digest));
    await store.putFile(await work('same', 'same'));
    await store.putStream(Readable.from([Buffer.from('sa'), Buffer.from('me')]));
    expect((await stat(store.blobPath(digest))).ino).toBe(before.ino);
    await expect(stat(join(folder, 'same'))).rejects.toThrow('ENOENT');
  });

  it('copies a file that has a second name, which could change it later', async () => {
    const path = await work('linked', 'linked');
    await link(path, join(folder, 'second'));
    const { digest } = await store.putFile(path);
    await writeFile(join(folder, 'second'), 'changed');
    expect(await store.verify(digest)).toBe(true);
  });

  it('keeps holes', async () => {
    const path = join(folder, 'disk');
    const size = 64 << 20;
    await writeFile(path, 'begin');
    await truncate(path, size);
    await link(path, join(folder, 'disk-second'));
    const copied = await store.putFile(path);
    expect(copied.size).toBe(size);
    const blob = await stat(store.blobPath(copied.digest));
    expect(blob.size).toBe(size);
    expect(blob.blocks * 512).toBeLessThanOrEqual(1 << 17);
    expect(await store.verify(copied.digest)).toBe(true);
  });

  it('refuses bytes that are not the expected ones, and keeps nothing of them', async () => {
    const expected = digestOf('expected');
    const before = await filesIn(store.folder);
    const path = await work('other', 'other');
    expect((await failure(store.putFile(path, { expect: expected }))).reason).toBe('bad-digest');
    expect((await failure(store.putStream(Readable.from(['other']), { expect: expected }))).reason).toBe('bad-digest');
    expect((await failure(store.adopt(path, digestOf('other'), 6))).reason).toBe('bad-digest');
    expect(await filesIn(store.folder)).toEqual(before);
    expect(await readFile(path, 'utf8')).toBe('other');
  });

  it('passes on the error of a stream that breaks off, and keeps nothing', async () => {
    const before = await filesIn(store.folder);
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('half');
        await Promise.reject(new Error('connection reset'));
      })(),
    );
    await expect(store.putStream(broken)).rejects.toThrow('connection reset');
    expect(await filesIn(store.folder)).toEqual(before);
  });

  it('passes on the error of a stream that fails before it is read', async () => {
    const late = new PassThrough();
    late.destroy(new Error('no such file'));
    await expect(store.putStream(late)).rejects.toThrow('no such file');
  });

  it('takes a file whose digest is known without reading it', async () => {
    const path = await work('adopted', 'adopted');
    const descriptor = await store.adopt(path, digestOf('adopted'), 7, 'text/plain');
    expect(descriptor).toEqual({ mediaType: 'text/plain', digest: digestOf('adopted'), size: 7 });
    expect((await store.read(descriptor.digest)).toString()).toBe('adopted');
  });

  it('counts the bytes for a meter', async () => {
    let bytes = 0;
    await store.putFile(await work('metered', Buffer.alloc(3 << 20, 1)), { onBytes: (count) => (bytes += count) });
    expect(bytes).toBe(3 << 20);
  });

  it('gives the digest of a stream of odd pieces, with and without zeros', async () => {
    const pieces = [1, 70_000, 65_536, 200_001].map((length, index) => Buffer.alloc(length, index % 2));
    const { digest } = await store.putStream(Readable.from(pieces));
    expect(digest).toBe(`sha256:${createHash('sha256').update(Buffer.concat(pieces)).digest('hex')}`);
    expect(await store.verify(digest)).toBe(true);
  });
});

describe('reading', () => {
  it('tells what is missing', async () => {
    const here = await store.putBytes('here', 'text/plain');
    const gone = { mediaType: 'text/plain', digest: digestOf('gone'), size: 4 };
    expect(await store.missing([here, gone])).toEqual([gone]);
    expect(await store.has(here.digest)).toBe(true);
    expect(await store.has(gone.digest)).toBe(false);
    expect((await failure(store.read(gone.digest))).reason).toBe('not-found');
    const read = await store.stream(here.digest).toArray();
    expect(Buffer.concat(read as Buffer[]).toString()).toBe('here');
  });

  it('moves a corrupt blob away and says so', async () => {
    const warnings: string[] = [];
    const watched = await Store.open(join(folder, 'watched'), { progress: { ...silent, warn: (text) => void warnings.push(text) } });
    const { digest } = await watched.putBytes('good', 'text/plain');
    await chmod(watched.blobPath(digest), 0o644);
    await writeFile(watched.blobPath(digest), 'evil');
    expect(await watched.verify(digest)).toBe(false);
    expect(await watched.has(digest)).toBe(false);
    expect(warnings).toHaveLength(1);
    await watched.putBytes('good', 'text/plain');
    expect(await watched.verify(digest)).toBe(true);
    expect(await watched.verify(digestOf('never seen'))).toBe(false);
  });

  it('puts a blob that was cut short again', async () => {
    const { digest } = await store.putBytes('whole', 'text/plain');
    await chmod(store.blobPath(digest), 0o644);
    await truncate(store.blobPath(digest), 2);
    await store.putBytes('whole', 'text/plain');
    expect(await store.verify(digest)).toBe(true);
  });
});

describe('scratch', () => {
  it('lives as long as its process, whoever opens the store', async () => {
    const scratch = await store.scratch();
    await writeFile(join(scratch.folder, 'half'), 'half');
    await Store.open(store.folder);
    expect(await filesIn(scratch.folder)).toEqual(['half']);
    await scratch.dispose();
    await expect(stat(scratch.folder)).rejects.toThrow('ENOENT');
  });

  it('removes with the function it was given, once, and goes on where that fails', async () => {
    const removed: string[] = [];
    const warnings: string[] = [];
    const place = join(folder, 'subordinate');
    const open_ = (): Promise<Store> =>
      Store.open(place, {
        remove: async (path) => {
          removed.push(path);
          await Promise.reject(new Error('not permitted'));
        },
        progress: { ...silent, warn: (text) => void warnings.push(text) },
      });
    await open_();
    // Of a pid above the largest possible one, and of this process's pid before its time.
    const namespace = (await Store.open(place).then((opened) => opened.scratch())).folder.split('-').at(-2);
    for (const owner of ['4999999-1', `${process.pid}-1`]) await mkdir(join(place, 'scratch', `${owner}-${namespace}-0123456789ab`));
    await open_();
    await open_();
    expect(removed).toHaveLength(2);
    expect(warnings).toHaveLength(2);
  });

  it('leaves what another container uses alone for a day', async () => {
    const foreign = join(store.folder, 'scratch', '1-1-1-0123456789ab');
    await mkdir(foreign);
    await Store.open(store.folder);
    expect((await stat(foreign)).isDirectory()).toBe(true);
    const before = (Date.now() - 25 * 3600 * 1000) / 1000;
    await utimes(foreign, before, before);
    await Store.open(store.folder);
    await expect(stat(foreign)).rejects.toThrow('ENOENT');
  });
});

it('names the folder that is full', async () => {
  const { inFolder } = await import('./file-errors.ts');
  const full = await open('/dev/full', 'w');
  const error = await failure(inFolder('/srv/store', () => full.writeFile('x')));
  await full.close();
  expect(error).toMatchObject({ reason: 'no-space', message: 'no space left in /srv/store' });
});

it('takes nothing else than digests from outside', async () => {
  const digests = ['sha256:abc', 'md5:d41d8cd98f00b204e9800998ecf8427e', `sha256:${'A'.repeat(64)}`];
  for (const digest of digests) expect(() => store.blobPath(digest as Digest)).toThrow('is not a sha256 digest');
});

describe('a store beside', () => {
  it('gives what it holds, copied and verified, and nothing that is corrupt', async () => {
    const { digest } = await store.putBytes('a package', 'text/plain');
    const own = await Store.open(join(folder, 'own'), { beside: store });
    expect(await own.missing([{ mediaType: 'text/plain', digest, size: 9 }])).toHaveLength(1);
    expect(await own.has(digest)).toBe(true);
    expect((await own.read(digest)).toString()).toBe('a package');
    expect((await stat(own.blobPath(digest))).ino).not.toBe((await stat(store.blobPath(digest))).ino);
    const bad = await store.putBytes('another', 'text/plain');
    await chmod(store.blobPath(bad.digest), 0o644);
    await truncate(store.blobPath(bad.digest), 3);
    expect(await own.has(bad.digest)).toBe(false);
  });
});
