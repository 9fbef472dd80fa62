import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TargetConfiguration } from '@nx/devkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { evaluateInputs, type InputContext } from './evaluate.ts';
import { filesMatching, hashOf } from './files.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'reasons-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text = path): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function inputsOf(target: TargetConfiguration) {
  const install = { outputs: ['{workspaceRoot}/dist/{projectName}/install'] };
  const projects = {
    web: { root: 'images/web', targets: { install, configure: target } },
    base: { root: 'images/base', targets: { install } },
  };
  const externalNodes = { 'npm:zod': { type: 'npm', name: 'npm:zod', data: { version: '4.6.0', packageName: 'zod' } } } as const;
  const context: InputContext = {
    root,
    projectsConfigurations: { version: 2, projects },
    projectGraph: { nodes: {}, dependencies: {}, externalNodes },
  };
  return evaluateInputs(context, 'web', 'configure');
}

it('reads fields of any JSON file, those that are set', async () => {
  write('images/web/image.json', '{ "packages": ["vim"], "disk": { "table": "gpt" } }');
  write('images/profiles/slim/profile.json', '{ "packages": ["less"] }');
  const inputs = [
    { json: '{projectRoot}/image.json', fields: ['packages', 'disk.table', 'hostname'] },
    { json: '{workspaceRoot}/images/profiles/slim/profile.json', fields: ['packages'] },
    { json: '{projectRoot}/absent.json', fields: ['packages'] },
  ];
  expect((await inputsOf({ inputs })).field).toEqual({
    'images/web/image.json: packages': '["vim"]',
    'images/web/image.json: disk.table': '"gpt"',
    'images/profiles/slim/profile.json: packages': '["less"]',
  });
});

it('reads filesets, and what Nx hashes by itself', async () => {
  for (const path of ['images/web/files/etc/motd', 'images/web/files', 'images/web/a.sh', 'nx.json', 'lib/x.ts']) {
    if (path !== 'images/web/files') write(path);
  }
  const inputs = [
    '{projectRoot}/files',
    '{projectRoot}/files/**/*',
    '{projectRoot}/?.sh',
    '{workspaceRoot}/lib/x.ts',
    '{projectRoot}/image.lock.json',
  ];
  const { file } = await inputsOf({ inputs });
  expect(Object.keys(file!).toSorted()).toEqual(['images/web/a.sh', 'images/web/files/etc/motd', 'lib/x.ts', 'nx.json']);
  expect(file!['lib/x.ts']).toBe(hashOf(join(root, 'lib/x.ts')));
});

it('runs runtime inputs in the workspace, and knows versions of packages', async () => {
  write('words', 'hello\n');
  const inputs = [{ runtime: 'cat words' }, { runtime: 'echo no; exit 3' }, { externalDependencies: ['zod', 'yaml'] }];
  const { command, package: packages } = await inputsOf({ inputs });
  expect(command).toEqual({ 'cat words': 'hello', 'echo no; exit 3': 'no' });
  expect(packages).toEqual({ zod: '4.6.0', yaml: 'not installed' });
});

it('reads what the tasks before left, those of another image too', async () => {
  write('dist/web/install/manifest.json');
  write('dist/web/install/config.json');
  const dependsOn = ['install', { projects: ['base'], target: 'install' }];
  const { result, target } = await inputsOf({ dependsOn, inputs: [{ dependentTasksOutputFiles: '**/manifest.json' }] });
  expect(result).toEqual({ 'web:install': hashOf(join(root, 'dist/web/install/manifest.json')), 'base:install': 'none' });
  expect(Object.keys(target!)).toEqual(['install', 'configure']);
});

it('takes globs as they are meant', () => {
  for (const path of ['a/b/c.txt', 'a/c.txt', 'a/(b)/c.txt', 'b/c.txt']) write(path);
  expect(filesMatching(root, 'a/**/*')).toEqual(['a/(b)/c.txt', 'a/b/c.txt', 'a/c.txt']);
  expect(filesMatching(root, 'a/?b?/c.txt')).toEqual(['a/(b)/c.txt']);
  expect(filesMatching(root, 'a/{c.txt,d+.txt,gone}')).toEqual(['a/c.txt']);
  expect(filesMatching(root, '{a,b}/c.txt')).toEqual(['a/c.txt', 'b/c.txt']);
  expect(filesMatching(root, '*/c.txt')).toEqual(['a/c.txt', 'b/c.txt']);
  expect(filesMatching(root, 'a')).toEqual([]);
});

it('tells of the catalog only whether it is as it was published, and when that was', async () => {
  const seen = async (): Promise<unknown> => (await inputsOf({ executor: 'nx-debian-image:upload' })).unhashed;
  expect(await seen()).toEqual({ catalog: 'not as it was published' });
  write('SHA256SUMS');
  const line = `${hashOf(join(root, 'SHA256SUMS'))}  ${join(root, 'SHA256SUMS')}\n`;
  write('dist/web/upload/published', `# 2026-11-25T10:59:19.773Z\n${line}`);
  expect(await seen()).toEqual({ catalog: 'as it was published at 2026-11-25T10:59:19.773Z' });
});
