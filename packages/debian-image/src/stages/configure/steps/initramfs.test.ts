import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeTree, runStep, type Tree } from '../testing/in-tree.ts';
import { divertInitramfs, restoreInitramfs } from './initramfs.ts';

let tree: Tree;

beforeEach(async () => {
  tree = await makeTree({ 'usr/sbin/update-initramfs': '#!/bin/sh\necho real\n' });
});

afterEach(() => tree.remove());

const go = (script: string) => runStep(tree, { name: 'test', title: 'test', script });
const program = (): string => join(tree.folder, 'usr/sbin/update-initramfs');

it('puts the program aside and back, and leaves nothing', async () => {
  const twice = divertInitramfs('initramfs-tools').repeat(2);
  expect((await go(`${twice}/usr/sbin/update-initramfs`)).lines).toEqual(['::step test test']);
  expect((await go(`${restoreInitramfs('initramfs-tools')}/usr/sbin/update-initramfs`)).lines).toEqual(['::step test test', 'real']);
  expect(await readdir(join(tree.folder, 'usr/sbin'))).toEqual(['update-initramfs']);
});

it('keeps a program that an upgrade has brought', async () => {
  await go(divertInitramfs('initramfs-tools'));
  await writeFile(program(), '#!/bin/sh\necho newer\n');
  await go(restoreInitramfs('initramfs-tools'));
  expect(await readFile(program(), 'utf8')).toBe('#!/bin/sh\necho newer\n');
  expect(await readdir(join(tree.folder, 'usr/sbin'))).toEqual(['update-initramfs']);
});

it('does nothing where nothing is installed', async () => {
  expect(await go(divertInitramfs('dracut') + restoreInitramfs('dracut'))).toMatchObject({ status: 0 });
});
