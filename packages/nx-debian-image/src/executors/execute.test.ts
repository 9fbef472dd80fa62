import { Failure } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import type { StageRequest } from '@nx-debian-image/debian-image';
import { executorOf, type RunStage } from './execute.ts';

const context = {
  root: '/workspace',
  projectName: 'web',
  projectsConfigurations: { version: 2, projects: { web: { root: 'images/web' } } },
  nxJsonConfiguration: {
    plugins: [{ plugin: 'nx-debian-image/plugin', options: { storeLimit: '1GiB', registry: 'registry.example/images' } }],
  },
  projectGraph: { nodes: {}, dependencies: {} },
  cwd: '/workspace',
  isVerbose: false,
};

async function execute(runStage: RunStage, projectName = 'web') {
  const said = { output: '', errors: '' };
  const executor = executorOf('shrink', runStage, {
    output: { write: (text) => (said.output += text) },
    errors: { write: (text) => (said.errors += text) },
  });
  return { ...(await executor({ store: 'blobs' }, { ...context, projectName })), ...said };
}

it('gives the stage its image, its options and a voice', async () => {
  let request: StageRequest | undefined;
  const result = await execute(async (stage, given) => {
    request = given;
    given.progress.step(`${stage} begins`);
  });
  expect(result).toEqual({ success: true, output: 'shrink begins\n', errors: '' });
  expect(request).toMatchObject({ workspaceRoot: '/workspace', projectRoot: 'images/web', options: { store: 'blobs' } });
  expect(request).toMatchObject({ storeLimit: '1GiB', registry: 'registry.example/images' });
});

it('tells a failure in plain lines, without a stack', async () => {
  const result = await execute(async () => {
    throw new Failure('no-space', 'shrinking: no space left', { hint: 'Free some space.' });
  });
  expect(result).toEqual({ success: false, output: '', errors: 'shrinking: no space left\n  hint: Free some space.\n' });
});

it('keeps the stack of a bug', async () => {
  const result = await execute(async () => {
    throw new TypeError('x is not a function');
  });
  expect(result.success).toBe(false);
  expect(result.errors).toContain('execute.test.ts');
});

it('says what is wrong where it is used for something that is no project', async () => {
  expect((await execute(async () => {}, 'nothing')).errors).toBe('this executor runs for a project that has an image.json\n');
});

it('asks the stage to end when it is told to end itself, and leaves no listener behind', async () => {
  const before = process.listenerCount('SIGTERM');
  const result = await execute(async (_stage, { signal }) => {
    process.kill(process.pid, 'SIGTERM');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    throw new Failure('cancelled', 'shrinking: cancelled');
  });
  expect(result.success).toBe(false);
  expect(process.listenerCount('SIGTERM')).toBe(before);
});

it('ends the work where the channel to Nx breaks off', async () => {
  const before = process.listenerCount('disconnect');
  const result = await execute(async (_, { signal }) => {
    process.emit('disconnect');
    expect(signal.aborted).toBe(true);
  });
  expect(result.success).toBe(true);
  expect(process.listenerCount('disconnect')).toBe(before);
});
