import type { TaskGraph } from '@nx/devkit';
import { expect, it } from 'vitest';
import { isAttended } from './start.ts';

/** A graph of tasks, each with what it runs beside. */
function graph(tasks: Record<string, { continuous?: boolean; beside?: string[] }>): TaskGraph {
  const entries = Object.entries(tasks);
  return {
    roots: [],
    dependencies: {},
    tasks: Object.fromEntries(entries.map(([id, { continuous = false }]) => [id, { id, continuous }])),
    continuousDependencies: Object.fromEntries(entries.map(([id, { beside = [] }]) => [id, beside])),
  } as unknown as TaskGraph;
}

it.each([
  ['alone, after what it is made of', { 'web:start': { continuous: true }, 'web:extract': {} }, true],
  ['beside a test that needs it', { 'web:start': { continuous: true }, 'web:test': { beside: ['web:start'] } }, false],
  ['beside another machine', { 'web:start': { continuous: true }, 'db:start': { continuous: true } }, false],
])('%s: %s', (_, tasks, attended) => {
  expect(isAttended({ taskGraph: graph(tasks) })).toBe(attended);
});
