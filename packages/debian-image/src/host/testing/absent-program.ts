import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';

/** For tests: until the test ends, starting a program fails with what setpriv says where there is none. `folder` is one for this alone. */
export async function withoutProgram(program: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, program);
  await writeFile(path, `#!/bin/sh\necho "setpriv: failed to execute ${program}: No such file or directory" >&2\nexit 127\n`);
  await chmod(path, 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  onTestFinished(() => void vi.unstubAllEnvs());
}
