import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sourceFilesOfStages } from './source-files.ts';

let packages: string;
beforeEach(() => {
  packages = mkdtempSync(join(tmpdir(), 'packages-'));
});
afterEach(() => rmSync(packages, { recursive: true }));

function write(path: string, ...lines: string[]): void {
  mkdirSync(join(packages, dirname(path)), { recursive: true });
  writeFileSync(join(packages, path), lines.join('\n'));
}

it('finds what a stage imports, over packages, but not the rooms of other stages', () => {
  write('nx-debian-image/src/executors/convert.ts', "import { run } from '@nx-debian-image/debian-image';", "import '../never-there.ts';");
  write('debian-image/src/index.ts', 'export {', '  run,', "} from './pipeline/makers.ts';");
  write(
    'debian-image/src/pipeline/makers.ts',
    "import { a } from '../stages/convert/run.ts';",
    "import { b } from '../stages/shrink/run.ts';",
  );
  write('debian-image/src/stages/convert/run.ts', "import type { T } from '../../types.ts';", "import { join } from 'node:path';");
  write('debian-image/src/stages/convert/loader.S', 'data that the stage reads');
  write('debian-image/src/stages/convert/run.test.ts', '');
  write('debian-image/src/stages/shrink/run.ts', '');
  write('nx-debian-image/src/executors/shrink.ts', "const later = async () => (await import('./rare.ts')).rare();");
  write('nx-debian-image/src/executors/rare.ts', '');
  const files = sourceFilesOfStages(packages);
  expect(files.convert).toEqual([
    'debian-image/src/index.ts',
    'debian-image/src/pipeline/makers.ts',
    'debian-image/src/stages/convert/loader.S',
    'debian-image/src/stages/convert/run.ts',
    'nx-debian-image/src/executors/convert.ts',
    'nx-debian-image/src/never-there.ts',
  ]);
  expect(files.shrink).toEqual(['nx-debian-image/src/executors/rare.ts', 'nx-debian-image/src/executors/shrink.ts']);
});

it('finds what is behind an entry of its own', () => {
  const exports = { './verify': { '@nx-debian-image/source': './src/pipeline/verify/index.ts' } };
  write('debian-image/package.json', JSON.stringify({ exports }));
  write('nx-debian-image/src/executors/verify.ts', "import { verifyImage } from '@nx-debian-image/debian-image/verify';");
  expect(sourceFilesOfStages(packages).verify).toEqual([
    'debian-image/src/pipeline/verify/index.ts',
    'nx-debian-image/src/executors/verify.ts',
  ]);
});

it('has the code of verify in no key but its own', () => {
  const { verify, ...others } = sourceFilesOfStages(join(import.meta.dirname, '../../..'));
  const own = verify.filter((file) => /\/(?:stages|pipeline)\/verify\//.test(file));
  expect(own).toContain('debian-image/src/stages/verify/run.ts');
  expect(own).toContain('debian-image/src/pipeline/verify/verify.ts');
  for (const files of Object.values(others)) expect(files.filter((file) => own.includes(file))).toEqual([]);
});

it('has in no key what only tells of runs or carries results between machines', () => {
  const { upload, ...others } = sourceFilesOfStages(join(import.meta.dirname, '../../..'));
  const all = Object.values(others).flat();
  const told = /^(?:nx-debian-image\/src\/reasons|debian-image\/src\/exchange)\//;
  expect([...all, ...upload].filter((file) => told.test(file))).toEqual([]);
  expect(all.filter((file) => file.startsWith('registry/'))).toEqual([]);
  expect(all).toContain('debian-image/src/pipeline/open-build.ts');
});

it('finds the real pipeline', () => {
  const { upload, shrink } = sourceFilesOfStages(join(import.meta.dirname, '../../..'));
  expect(upload).toContain('openstack/src/index.ts');
  expect(shrink).toContain('debian-image/src/stages/shrink/run.ts');
  expect(shrink).toContain('artifact-store/src/store.ts');
  expect(shrink).not.toContain('openstack/src/index.ts');
});
