import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hash, HasherContext, ProjectGraph, Task } from '@nx/devkit';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

let root: string;
vi.mock('@nx/devkit', async (original) => ({
  ...(await original<object>()),
  get workspaceRoot() {
    return root;
  },
}));
const { hasher } = await import('./hasher.ts');

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'hasher-'));
  for (const name of ['web', 'plain']) mkdirSync(join(root, 'images', name), { recursive: true });
  writeFileSync(join(root, 'images/web/run.sh'), '', { mode: 0o755 });
  writeFileSync(join(root, 'images/web/image.json'), JSON.stringify({ release: 'sid', scripts: ['run.sh'] }));
  writeFileSync(join(root, 'images/plain/image.json'), JSON.stringify({ release: 'sid' }));
});
afterAll(() => rmSync(root, { recursive: true }));

const targets = Object.fromEntries(['configure', 'upload'].map((name) => [name, { executor: `nx-debian-image:${name}` }]));
const nodes = ['web', 'plain'].map((name) => [name, { name, type: 'app', data: { root: `images/${name}`, targets } }]);

async function keysOf(...ids: string[]): Promise<{ values: string[]; calls: number }> {
  const hashTasks = vi.fn<(tasks: Task[]) => Promise<Hash[]>>(async (tasks) =>
    tasks.map(({ id }) => ({ value: id, details: { command: '', nodes: { own: id } } })),
  );
  const context = { hasher: { hashTasks }, projectGraph: { nodes: Object.fromEntries(nodes) } as ProjectGraph, taskGraph: {} };
  const hashes = await Promise.all(
    ids.map((id) => {
      const [project, target] = id.split(':');
      return hasher({ id, target: { project, target } } as Task, context as unknown as HasherContext);
    }),
  );
  return { values: hashes.map(({ value }) => value), calls: hashTasks.mock.calls.length };
}

it('adds to the key what is in no hash of files, and asks Nx once for all', async () => {
  const { values, calls } = await keysOf('web:configure', 'plain:configure', 'web:upload');
  expect(calls).toBe(1);
  expect(new Set([...values, 'web:configure']).size).toBe(4);
  expect((await keysOf('web:configure', 'plain:configure')).values).toEqual(values.slice(0, 2));
});

it('gives an upload another key each time as long as the catalog has nothing of it', async () => {
  const [first, second] = [await keysOf('web:upload'), await keysOf('web:upload')];
  expect(first.values).not.toEqual(second.values);
});
