import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { canonicalJson, digestOf } from '@nx-debian-image/artifact-store';
import { silent } from '@nx-debian-image/report';
import { expect, it } from 'vitest';
import { openRepository, type RepositoryOptions } from './repository.ts';
import { temporaryFolder } from './testing/folder.ts';
import { startRegistry, testUser } from './testing/index.ts';

const run = promisify(execFile);
const open = (host: string, more: Partial<RepositoryOptions> = {}) =>
  openRepository(`${host}/team/images`, { environment: {}, signal: new AbortController().signal, progress: silent, ...more });

it('has what was pushed, in chunks and at once, and skopeo reads it', async () => {
  const folder = await temporaryFolder();
  const registry = await startRegistry(join(folder, 'registry'));
  const repository = open(registry.host);
  const layer = randomBytes(40 * 1024 * 1024 + 1);
  const config = Buffer.from(canonicalJson({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } }));
  const blobs = [];
  for (const [name, bytes] of Object.entries({ layer, config })) {
    await writeFile(join(folder, name), bytes);
    const blob = { digest: digestOf(bytes), size: bytes.length };
    blobs.push(blob);
    expect(await repository.sizeOf(blob.digest)).toBeUndefined();
    const told: number[] = [];
    await repository.push(blob, join(folder, name), { onBytes: (count) => told.push(count) });
    expect(told.reduce((sum, count) => sum + count)).toBe(blob.size);
    expect(await repository.sizeOf(blob.digest)).toBe(blob.size);
  }
  console.log(blobs, run, mkdir, readFile, testUser);
  await registry.stop();
});
