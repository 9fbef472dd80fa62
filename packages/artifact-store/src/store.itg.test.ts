import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from './testing/folders.ts';
import { workerCommand } from './testing/processes.ts';

const mountAndWork = 'mount -t tmpfs -o size=4m tmpfs "$1" && shift && exec "$@"';

it('says no-space on a full file system, keeps nothing, and takes files from another one', async () => {
  const folder = await temporaryFolder();
  const small = join(folder, 'small');
  await mkdir(small);
  const { program, args, cwd } = workerCommand('full', small, join(folder, 'elsewhere'));
  const namespaces = ['--user', '--map-root-user', '--mount', 'sh', '-c', mountAndWork, 'sh', small];
  const { stdout } = await promisify(execFile)('unshare', [...namespaces, program, ...args], { cwd });
  expect(JSON.parse(stdout)).toEqual({
    full: { reason: 'no-space', message: `no space left in ${small}/store/scratch` },
    leftInScratch: [],
    taken: true,
    sourceThere: false,
  });
});
