import { existsSync, readFileSync } from 'node:fs';

/** What came out of a part of the tests. @typedef {{ passed: number, failed: number, skipped: number }} Tally */

/** @returns {Tally} */
export function sum(tallies) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of tallies) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

/**
 * Reads what vitest's JSON reporter wrote. A file that fails outside its tests (in an import, in a hook) counts as one failure, and so
 * does a run that ends badly although no test says so, or that has no test at all.
 * @returns {Tally}
 */
export function tallyOfReport(file, status) {
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const brokenFiles = report.testResults.filter(
    (result) => result.status === 'failed' && result.assertionResults.every((test) => test.status !== 'failed'),
  );
  const failed = report.numFailedTests + brokenFiles.length;
  const empty = report.numTotalTests === 0 && failed === 0;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && (status !== 0 || empty) ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
