import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { publishedCommand, unhashedCommand } from './runtime-inputs.ts';

let workspaceRoot: string;
let folder: string;
beforeEach(() => {
  workspaceRoot = mkdtempSync(join(tmpdir(), 'unhashed-'));
  folder = join(workspaceRoot, "images/it's");
  mkdirSync(join(folder, 'files'), { recursive: true });
  writeFileSync(join(folder, 'files/plain'), 'plain');
  writeFileSync(join(folder, 'run me'), '#!/bin/sh\n', { mode: 0o755 });
});
afterEach(() => rmSync(workspaceRoot, { recursive: true }));

const print = (...sources: string[]): string =>
  execFileSync('sh', ['-c', unhashedCommand(workspaceRoot, "images/it's", sources)], { cwd: workspaceRoot, encoding: 'utf8' });

it('prints execute bits and links, and no other bit of a mode', () => {
  expect(print('files', 'run me')).toBe('executable ./run me\n');
  chmodSync(join(folder, 'files/plain'), 0o600);
  expect(print('files')).toBe('');
  symlinkSync('/usr/bin/true', join(folder, 'files/link'));
  chmodSync(join(folder, 'files/plain'), 0o744);
  expect(print('files')).toBe('executable ./files/plain\nlink ./files/link /usr/bin/true\n');
});

it('prints digests of files that git ignores, for Nx does not see those', () => {
  execFileSync('git', ['init', '--quiet', workspaceRoot]);
  writeFileSync(join(folder, '.gitignore'), 'secret\n');
  writeFileSync(join(folder, 'files/secret'), 'a');
  const before = print('files');
  expect(before).toMatch(/^[0-9a-f]{64} {2}files\/secret\n$/);
  writeFileSync(join(folder, 'files/secret'), 'b');
  expect(print('files')).not.toBe(before);
});

it('prints what upload noted of the catalog while it holds, and else never the same twice', () => {
  const ask = (): string => execFileSync('sh', ['-c', publishedCommand(workspaceRoot, 'web')], { cwd: workspaceRoot, encoding: 'utf8' });
  expect(ask()).not.toBe(ask());
  const sums = join(workspaceRoot, 'SHA256SUMS');
  writeFileSync(sums, 'sums\n');
  mkdirSync(join(workspaceRoot, 'dist/web/upload'), { recursive: true });
  const note = `# 2026-11-22\n${execFileSync('sha256sum', [sums], { encoding: 'utf8' })}`;
  writeFileSync(join(workspaceRoot, 'dist/web/upload/published'), note);
  expect([ask(), ask()]).toEqual([note, note]);
  writeFileSync(sums, 'other sums\n');
  expect(ask()).not.toBe(ask());
});
