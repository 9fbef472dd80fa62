import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { catalogueOf } from '../inference/catalogue.ts';
import { look, type Looked } from './look.ts';

const root = "images/it's";
const project = "it's";

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

const ask = async (executor: Looked['executor'], at = workspace): Promise<unknown> =>
  (await look([{ executor, project, root }], catalogueOf([root], at), at))[0];
const told = async (): Promise<string> => ((await ask('configure')) as Record<string, string>)[root] ?? '';

it('tells execute bits and links, and no other bit of a mode', async () => {
  expect(await told()).toBe('executable run me');
  chmodSync(join(folder, 'files/plain'), 0o600);
  expect(await told()).toBe('executable run me');
  symlinkSync('/usr/bin/true', join(folder, 'files/link'));
  chmodSync(join(folder, 'files/plain'), 0o744);
  expect(await told()).toBe('executable files/plain\nexecutable run me\nlink files/link /usr/bin/true');
});

it('tells nothing where there is nothing to tell, and passes over what is not there', async () => {
  writeImage(['files', 'gone']);
  expect(await ask('configure')).toEqual({});
});

it('tells the files of its profiles too, each folder for itself', async () => {
  const profile = join(workspace, 'images/profiles/slim');
  mkdirSync(profile, { recursive: true });
  writeFileSync(join(profile, 'slim.sh'), '', { mode: 0o755 });
  writeFileSync(join(profile, 'profile.json'), JSON.stringify({ scripts: ['slim.sh'] }));
  writeFileSync(join(folder, 'image.json'), JSON.stringify({ release: 'sid', profiles: ['slim'], scripts: ['run me'] }));
  const catalogue = catalogueOf([root, 'images/profiles/slim'], workspace);
  expect(await look([{ executor: 'configure', project, root }], catalogue, workspace)).toEqual([
    { [root]: 'executable run me', 'images/profiles/slim': 'executable slim.sh' },
  ]);
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
  const elsewhere = `${workspace}-elsewhere`;
  execFileSync('cp', ['-R', workspace, elsewhere]);
  try {
    expect(await ask('configure', elsewhere)).toEqual(await ask('configure'));
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

it('tells what upload noted of the catalog, as long as it holds', async () => {
  expect(await ask('upload')).toEqual({ catalog: undefined });
  const sums = join(workspace, 'SHA256SUMS');
  writeFileSync(sums, 'sums\n');
  mkdirSync(join(workspace, "dist/it's/upload"), { recursive: true });
  const note = `# 2026-11-22\n${execFileSync('sha256sum', [sums], { encoding: 'utf8' })}`;
  writeFileSync(join(workspace, "dist/it's/upload/published"), note);
  expect(await ask('upload')).toEqual({ catalog: note });
  writeFileSync(sums, 'other sums\n');
  expect(await ask('upload')).toEqual({ catalog: undefined });
});
