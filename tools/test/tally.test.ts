import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sum, tallyOfReport } from './tally.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tally-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function report(status: number, { passed = 0, failed = 0, pending = 0, results = [] as unknown[] }) {
  const file = join(folder, 'report.json');
  const counts = {
    numTotalTests: passed + failed + pending,
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    numTodoTests: 0,
  };
  writeFileSync(file, JSON.stringify({ ...counts, testResults: results }));
  return tallyOfReport(file, status);
}

it('counts tests', () => {
  expect(report(0, { passed: 3 })).toEqual({ passed: 3, failed: 0, skipped: 0 });
  const results = [{ status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] }];
  expect(report(1, { passed: 1, failed: 1, pending: 2, results })).toEqual({ passed: 1, failed: 1, skipped: 2 });
});

it('takes nothing for a success that is none', () => {
  expect(report(1, { passed: 1, results: [{ status: 'failed', assertionResults: [] }] }).failed).toBe(1);
  expect(report(1, { passed: 1 }).failed).toBe(1);
  expect(report(0, {}).failed).toBe(1);
  expect(tallyOfReport(join(folder, 'never-written.json'), 1).failed).toBe(1);
});

it('adds up', () => {
  expect(
    sum([
      { passed: 1, failed: 0, skipped: 0 },
      { passed: 2, failed: 1, skipped: 3 },
    ]),
  ).toEqual({ passed: 3, failed: 1, skipped: 3 });
});
