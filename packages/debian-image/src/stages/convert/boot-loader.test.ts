import { expect, it } from 'vitest';
import type { Node, Tree } from '../../disk/layers/merge.ts';
import type { TarEntry } from '../../disk/layers/tar-index.ts';
import { bootPaths } from './boot-loader.ts';

function node(type: TarEntry['type'], children: Record<string, Node> = {}): Node {
  const entry = { path: '', type, size: 1 } as TarEntry;
  return { inode: { file: '', entry }, entry, children: new Map(Object.entries(children)) };
}

const boot = node('directory', {
  'vmlinuz-6.1.0-9-amd64': node('file'),
  'initrd.img-6.1.0-9-amd64': node('file'),
  'vmlinuz-6.1.0-10-amd64': node('file'),
  'initrd.img-6.1.0-10-amd64': node('file'),
});
const links = { vmlinuz: node('symlink'), 'initrd.img': node('symlink') };
const tree = (nodes: Record<string, Node>): Tree => ({ root: undefined, children: new Map(Object.entries(nodes)) });

it('starts the links of the kernel packages', () => {
  expect(bootPaths(tree({ boot, ...links }), undefined)).toEqual({ kernel: '/vmlinuz', ramdisk: '/initrd.img' });
});

it('starts the very kernel that is wanted, and the newest where there are no links', () => {
  expect(bootPaths(tree({ boot, ...links }), '6.1.0-9-amd64')).toEqual({
    kernel: '/boot/vmlinuz-6.1.0-9-amd64',
    ramdisk: '/boot/initrd.img-6.1.0-9-amd64',
  });
  expect(bootPaths(tree({ boot }), undefined).kernel).toBe('/boot/vmlinuz-6.1.0-10-amd64');
  expect(() => bootPaths(tree(links), 'rt-amd64')).toThrow('there is no kernel in /boot');
});
