import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { command, run } from '../host/index.ts';
import { nodeCall, processesNaming, remaining, untilReady } from '../host/testing/processes.ts';
import { removeInNamespaces } from './namespace.ts';
import { ownFolder, scratchWith } from './testing/change.ts';
import { identities } from './testing/identities.ts';
import { makeTinyTree } from './testing/tiny-tree.ts';

const worker = fileURLToPath(new URL('testing/worker.ts', import.meta.url));
let tree: string;

beforeAll(async () => {
  tree = await makeTinyTree(await ownFolder());
  await run(command('chmod', ['-R', 'a+rX', dirname(tree)]), { doing: 'showing the tree to all' });
});

it.each(await identities())('builds of $name that are killed leave no process, no mount and only what can be removed', async (identity) => {
  const script = '/bin/sleep 600 & /bin/sleep 500 & echo ready; wait';
  const scratches = [await scratchWith(script, identity), await scratchWith(script, identity)];
  const call = nodeCall(worker, identity.root ? 'root' : 'plain', tree, ...scratches);
  const { program, args } = identity.as(command(call.program, call.args));
  const child = spawn(program, args, { cwd: call.cwd, stdio: ['ignore', 'pipe', 'ignore'] });
  const [pid] = await untilReady(child.stdout, 2);
  for (const scratch of scratches) expect((await processesNaming(scratch)).length).toBeGreaterThan(1);
  process.kill(Number(pid), 'SIGKILL');
  for (const scratch of scratches) {
    expect(await remaining(scratch, 5)).toEqual([]);
    expect(await readFile('/proc/self/mountinfo', 'utf8')).not.toContain(scratch);
    await run(identity.as(removeInNamespaces(identity.root, `${scratch}/work`)), { doing: 'removing what is left' });
  }
});
