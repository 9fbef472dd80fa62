// All checks and tests, one after another; the last line is `N passed, N failed`. A skipped test is a failure of the whole.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sum, tallyOfReport } from './tally.mjs';

const root = join(import.meta.dirname, '../..');
const reports = join(root, 'tmp/test-reports');

const checks = [
  { name: 'lint', program: 'oxlint', args: ['--deny-warnings'] },
  { name: 'format', program: 'oxfmt', args: ['--check'] },
  { name: 'types', program: 'tsc', args: ['--build'] },
  { name: 'unused code', program: 'knip', args: [] },
];

/** The projects of vitest.config.ts, quickest first; with the reporter that shows where long ones stand. */
const projects = [
  { name: 'unit', reporter: 'default' },
  { name: 'itg', reporter: 'verbose' },
  { name: 'e2e', reporter: 'verbose' },
];

function run(program, args) {
  return spawnSync(join(root, 'node_modules/.bin', program), args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

function check({ name, program, args }) {
  console.log(`\n== ${name}`);
  const passed = run(program, args) === 0;
  if (!passed) console.log(`${name}: failed`);
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

function test({ name, reporter }) {
  console.log(`\n== ${name} tests`);
  const file = join(reports, `${name}.json`);
  const status = run('vitest', ['run', '--project', name, `--reporter=${reporter}`, '--reporter=json', `--outputFile.json=${file}`]);
  return tallyOfReport(file, status);
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const chosen = process.argv.slice(2);
const wanted = ({ name }) => chosen.length === 0 || chosen.includes(name);
const { passed, failed, skipped } = sum([...checks.filter(wanted).map(check), ...projects.filter(wanted).map(test)]);
if (skipped > 0) console.log(`\n${skipped} skipped, which counts as a failure of the whole`);
process.exitCode = failed > 0 || skipped > 0 || passed === 0 ? 1 : 0;
console.log(`\n${passed} passed, ${failed} failed`);
