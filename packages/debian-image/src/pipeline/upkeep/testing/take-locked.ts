// Takes the packages of a lock in a process of its own, to be run where there is no network: `take-locked.ts <image folder> <store>`.
import { Store } from '@nx-debian-image/artifact-store';
import { describe, silent } from '@nx-debian-image/report';
import { readLock } from '../../../debian/lock/read.ts';
import { readImage } from '../../../image/index.ts';
import { takeLockedPackages } from '../../../stages/install/locked.ts';

const [folder = '', store = ''] = process.argv.slice(2);
try {
  const image = await readImage(folder);
  const lock = await readLock(folder, image.name);
  const taken = await takeLockedPackages(lock!, {
    image,
    store: await Store.open(store),
    hostArchitecture: 'amd64',
    progress: silent,
    signal: new AbortController().signal,
    environment: process.env,
  });
  console.log(JSON.stringify(taken));
} catch (error) {
  console.log(describe(error));
}
