import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCatalogue } from '../inference/catalogue.ts';
import { lookedAt, unhashedVariables } from './look.ts';
import { variableOf } from './variables.ts';

const root = "images/it's";
const files = variableOf({ kind: 'files', name: root });
const published = variableOf({ kind: 'published', name: "it's" });

let workspace: string;
let folder: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'unhashed-'));
  folder = join(workspace, root);
  mkdirSync(join(folder, 'files'), { recursive: true });
  writeFileSync(join(folder, 'files/plain'), 'plain');
  writeFileSync(join(folder, 'run me'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(folder, 'of nobody'), '', { mode: 0o755 });
  writeImage(['files/', './run me']);
});
afterEach(() => rmSync(workspace, { recursive: true }));

function writeImage(sources: string[]): void {
  writeFileSync(join(folder, 'image.json'), JSON.stringify({ release: 'sid', files: sources.map((source) => ({ source })) }));
}

const variables = async (): Promise<Record<string, string>> =>
  unhashedVariables(workspace, readCatalogue([join(root, 'image.json')], workspace));
const told = async (): Promise<string> => lookedAt({ kind: 'files', name: root }, workspace);

it('tells execute bits and links, and no other bit of a mode', async () => {
  expect(await told()).toBe('executable run me');
  const before = await variables();
  expect(Object.keys(before)).toEqual([files, published]);
  chmodSync(join(folder, 'files/plain'), 0o600);
  expect((await variables())[files]).toBe(before[files]);
  symlinkSync('/usr/bin/true', join(folder, 'files/link'));
  chmodSync(join(folder, 'files/plain'), 0o744);
  expect(await told()).toBe('executable files/plain\nexecutable run me\nlink files/link /usr/bin/true');
  expect((await variables())[files]).not.toBe(before[files]);
});

it('is empty where there is nothing to tell, and passes over what is not there', async () => {
  writeImage(['files', 'gone']);
  expect([await told(), (await variables())[files]]).toEqual(['', '']);
});

it('tells files that git ignores by their digests, for Nx does not see those', async () => {
  execFileSync('git', ['init', '--quiet', workspace]);
  writeFileSync(join(folder, '.gitignore'), 'secret\n');
  writeFileSync(join(folder, 'files/secret'), 'a');
  writeFileSync(join(folder, 'secret'), 'of nobody');
  const before = await told();
  expect(before).toMatch(/^executable run me\nignored files\/secret [0-9a-f]{64}$/);
  writeFileSync(join(folder, 'files/secret'), 'b');
  expect(await told()).not.toBe(before);
});

it('tells the same wherever the checkout is', async () => {
  const before = await variables();
  const elsewhere = `${workspace}-elsewhere`;
  execFileSync('cp', ['-R', workspace, elsewhere]);
  try {
    const after = await unhashedVariables(elsewhere, readCatalogue([join(root, 'image.json')], elsewhere));
    expect(after[files]).toBe(before[files]);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

it('tells what upload noted of the catalog while it holds, and else never the same twice', async () => {
  const ask = async (): Promise<string | undefined> => (await variables())[published];
  expect(await ask()).not.toBe(await ask());
  const sums = join(workspace, 'SHA256SUMS');
  writeFileSync(sums, 'sums\n');
  mkdirSync(join(workspace, "dist/it's/upload"), { recursive: true });
  const note = `# 2026-11-22\n${execFileSync('sha256sum', [sums], { encoding: 'utf8' })}`;
  writeFileSync(join(workspace, "dist/it's/upload/published"), note);
  const held = await ask();
  expect([await ask(), await lookedAt({ kind: 'published', name: "it's" }, workspace)]).toEqual([held, note]);
  writeFileSync(sums, 'other sums\n');
  expect(await ask()).not.toBe(held);
  expect(await ask()).not.toBe(await ask());
});
