import type { PinnedPackage } from '../../archive/package.ts';
import type { UnsealedLock } from '../schema.ts';

/** For tests: a locked package; its digest follows from its name and version. */
export function pinned(name: string, version = '1.0-1', more: Partial<PinnedPackage> = {}): PinnedPackage {
  const sha256 = Buffer.from(`${name} ${version}`).toString('hex').padEnd(64, '0').slice(0, 64);
  const path = `pool/main/${name}_${version}_amd64.deb`;
  return { name, version, architecture: 'amd64', sha256, size: 100, path, archive: 'main', priority: 'optional', section: 'misc', ...more };
}

/** For tests: a lock of a few packages. */
export const sampleLock: UnsealedLock = {
  version: 1,
  request: {
    release: 'bookworm',
    arch: 'amd64',
    components: ['main'],
    pockets: ['updates', 'security'],
    recommends: false,
    packages: ['init', 'vim'],
  },
  suites: [{ suite: 'bookworm', date: '2026-07-11T10:16:37Z', sha256: 'a'.repeat(64) }],
  epoch: 1_700_000_000,
  packages: [pinned('init'), pinned('vim', '2:9.0.1378-2', { archive: 'security' })].map((entry) => ({ ...entry, architecture: 'amd64' })),
  tools: {
    amd64: [{ name: 'e2fsprogs', version: '1.47.2-3', architecture: 'amd64', sha256: 'b'.repeat(64), size: 9, path: 'pool/e.deb' }],
  },
};
