import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { command } from './command.ts';
import { isRoot } from './machine.ts';
import { nodeCall, processesNaming, remaining, untilReady } from './testing/processes.ts';

const worker = fileURLToPath(new URL('testing/worker.ts', import.meta.url));

it('what we run dies with us, even when we are killed: a program, and all of a process namespace', async () => {
  // sleeps of a length that no one else asks for
  const mark = `600.${process.pid}`;
  const user = isRoot() ? [] : ['--map-root-user'];
  const commands = [
    command('sh', ['-c', `echo ready; exec sleep ${mark}`]),
    command('unshare', [
      ...user,
      '--pid',
      '--fork',
      '--kill-child=KILL',
      'sh',
      '-c',
      `sh -c "sleep ${mark}; :" & sleep ${mark} & echo ready; wait`,
    ]),
  ];
  const { program, args, cwd } = nodeCall(worker, JSON.stringify(commands));
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  await untilReady(child.stdout, commands.length);
  expect((await processesNaming(`sleep ${mark}`)).length).toBeGreaterThanOrEqual(3);
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
  expect(await remaining(mark, 5)).toEqual([]);
});
