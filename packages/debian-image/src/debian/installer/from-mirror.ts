import { join } from 'node:path';
import { type Descriptor, octetStream } from '@nx-debian-image/artifact-store';
import type { Archive } from '../archive/archive.ts';
import { download } from '../archive/download.ts';
import { digestOf } from '../archive/fetch.ts';
import { verifiedRelease } from '../archive/suite-state.ts';
import type { Netboot, NetbootOptions } from './netboot.ts';
import { imagesFolder, netbootFiles, netbootFolder, parseSums, sumInRelease, sumsFile } from './places.ts';

/** A file whose digest is known before it is fetched. */
interface Promised {
  readonly uri: string;
  readonly sha256: string;
}

/**
 * The installer out of the mirror's installer folder: the signed Release file has the digest of its list of digests. Undefined where one of
 * the three does not have it. Fails as `bad-digest` where a file is another one than that.
 */
export async function takeFromMirror({ apt, proxy }: Archive, options: NetbootOptions): Promise<Netboot | undefined> {
  const { release, architecture, mirror, store } = options;
  const folder = `${mirror}/dists/${release.name}/${imagesFolder(architecture)}`;
  const signed = (await verifiedRelease(join(apt.folder, 'state/lists'), release.name)) ?? '';
  const ofSums = sumInRelease(signed, `${imagesFolder(architecture)}/${sumsFile}`);
  if (ofSums === undefined) return undefined;
  const [list] = (await bring([{ uri: `${folder}/${sumsFile}`, sha256: ofSums }], proxy, options)) ?? [];
  if (list === undefined) return undefined;
  const sums = parseSums((await store.read(list.digest)).toString('utf8'));
  const wanted = [netbootFiles.kernel, netbootFiles.ramdisk].flatMap((name) => {
    const path = `${netbootFolder(architecture)}/${name}`;
    const sha256 = sums.get(path);
    return sha256 === undefined ? [] : [{ uri: `${folder}/${path}`, sha256 }];
  });
  const [kernel, ramdisk] = (await bring(wanted, proxy, options)) ?? [];
  return kernel === undefined || ramdisk === undefined ? undefined : { kernel, ramdisk };
}

/** Files of known digests, in the store; undefined where one of them cannot be had. */
async function bring(files: readonly Promised[], proxy: string | undefined, options: NetbootOptions): Promise<Descriptor[] | undefined> {
  const { store } = options;
  const scratch = await store.scratch();
  try {
    const missing: Promised[] = [];
    for (const file of files) if (!(await store.verify(digestOf(file)))) missing.push(file);
    const wanted = missing.map(({ uri, sha256 }) => ({ uri, name: sha256 }));
    if (wanted.length > 0) {
      const lost = await download(wanted, scratch.folder, 'fetching debian-installer', { ...options, proxy });
      if (lost.size > 0) return undefined;
    }
    for (const file of missing) await store.putFile(join(scratch.folder, file.sha256), { expect: digestOf(file) });
    return await Promise.all(
      files.map(async (file) => ({ mediaType: octetStream, digest: digestOf(file), size: await store.sizeOf(digestOf(file)) })),
    );
  } finally {
    await scratch.dispose();
  }
}
