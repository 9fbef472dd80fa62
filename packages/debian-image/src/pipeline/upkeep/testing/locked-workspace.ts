import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, Store } from '@nx-debian-image/artifact-store';
import type { Progress } from '@nx-debian-image/report';
import type { TestPackage } from '../../../debian/archive/testing/deb.ts';
import { serve, type TestMirror } from '../../../debian/archive/testing/mirror.ts';
import { writeArchive } from '../../../debian/archive/testing/signed-archive.ts';
import { makeSigners } from '../../../debian/archive/testing/signer.ts';
import { afterwards } from '../../../host/testing/afterwards.ts';
import type { StageRequest } from '../../open-build.ts';

const planned = ['init', 'udev', 'kmod', 'e2fsprogs', 'fdisk', 'netbase', 'iproute2', 'iputils-ping', 'procps', 'less', 'dbus'];

const simple = (name: string, fields = ''): TestPackage => ({ name, version: '1.0', architecture: 'all', time: 1_000_000_000, fields });

/** The packages that every image asks for, as far as an archive for tests has them. */
const base = [
  simple('base-files', 'Essential: yes\nPriority: required\nSection: admin\n'),
  ...[...planned, 'apt', 'initramfs-tools', 'linux-image-amd64', 'zstd', 'tool'].map((name) => simple(name)),
];

/** An editor of a version; the later ones come from the security suite. */
export const editor = (version: string): TestPackage => ({ ...simple('vim'), version, architecture: 'amd64', time: 1_500_000_000 });

/** A workspace with an image, and the archives that its packages come from. */
export interface LockedWorkspace {
  readonly root: string;
  readonly store: Store;
  readonly mirror: TestMirror;
  readonly said: string[];
  /** A request of an executor for the image. */
  request(options?: Record<string, unknown>): StageRequest;
  writeImage(more?: object): Promise<void>;
  /** Makes a version of the editor the one that the security suite has. */
  publish(version: string): Promise<void>;
  /** A file that the servers have. */
  served(path: string): string;
  /** An empty store beside the first. */
  newStore(): Promise<Store>;
}

/** For tests: an image `web` whose archive is on loopback, in `debian` and `debian-security`; `old` and `snapshot` are there and empty. */
export async function makeLockedWorkspace(): Promise<LockedWorkspace> {
  const root = await mkdtemp(join(tmpdir(), 'locked-'));
  afterwards(() => rm(root, { recursive: true, force: true }));
  const { debian } = await makeSigners(await mkdtemp(join(root, 'keys-')), ['debian']);
  const web = join(root, 'servers');
  const paths = await writeArchive(join(web, 'debian'), { suite: 'bookworm', packages: [...base, editor('2:9.0-1')], signer: debian });
  const mirror = await serve(web);
  const said: string[] = [];
  const progress: Progress = {
    step: (text) => void said.push(text),
    note: (text) => void said.push(text),
    warn: (text) => void said.push(`warning: ${text}`),
    meter: () => ({ add() {}, done() {} }),
  };
  const newStore = async (): Promise<Store> => {
    const store = await Store.open(await mkdtemp(join(root, 'store-')), { progress });
    await writeTools(store, join(web, 'debian'), paths.get('tool')!);
    return store;
  };
  const folder = join(root, 'images/web');
  await mkdir(join(folder, 'keys'), { recursive: true });
  await writeFile(join(folder, 'keys/archive.gpg'), await readFile(debian.keyring));
  const store = await newStore();
  const workspace: LockedWorkspace = {
    root,
    store,
    mirror,
    said,
    newStore,
    served: (path) => join(web, path),
    request: (options = {}) => ({
      workspaceRoot: root,
      projectRoot: 'images/web',
      neighbours: { image: new Map(), profile: new Map() },
      options,
      progress,
      signal: new AbortController().signal,
      environment: {
        DEBIAN_IMAGE_STORE: store.folder,
        DEBIAN_IMAGE_MIRROR: `${mirror.url}/debian`,
        DEBIAN_IMAGE_ARCHIVE: `${mirror.url}/old`,
        DEBIAN_IMAGE_SNAPSHOT: `${mirror.url}/snapshot`,
      },
    }),
    writeImage: (more = {}) =>
      writeFile(
        join(folder, 'image.json'),
        JSON.stringify({
          release: 'bookworm',
          network: 'none',
          kernel: 'generic',
          packages: ['vim'],
          install: { pockets: ['security'], keyring: 'keys/archive.gpg' },
          ...more,
        }),
      ),
    publish: async (version) => {
      await writeArchive(join(web, 'debian-security'), { suite: 'bookworm-security', packages: [editor(version)], signer: debian });
    },
  };
  await workspace.writeImage();
  await workspace.publish('2:9.0-2');
  return workspace;
}

/** A store that has chosen its tools already: for both kinds of machines a package of this archive. */
async function writeTools(store: Store, archive: string, path: string): Promise<void> {
  const bytes = await readFile(join(archive, path));
  const sha256 = digestOf(bytes).slice('sha256:'.length);
  const tools = [{ name: 'tool', version: '1.0', architecture: 'all', sha256, size: bytes.length, path }];
  for (const architecture of ['amd64', 'arm64']) await writeFile(join(store.folder, `tools-${architecture}.json`), JSON.stringify(tools));
}
