import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe as told } from '@nx-debian-image/report';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askCredentialHelper } from './credential-helper.ts';

const program = 'docker-credential-tests';
let folder: string;
const environment = (): NodeJS.ProcessEnv => ({
  PATH: `${folder}:${process.env['PATH']}`,
  KEY: 'hidden',
  UNSET: undefined,
  DEBIAN_IMAGE_X: 'ours',
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'credential-helper-'));
  const script = ['#!/bin/sh', 'read -r registry', 'echo "$1 $registry $KEY$DEBIAN_IMAGE_X"', 'echo hidden >&2', 'exit "$registry"'];
  await writeFile(join(folder, program), script.join('\n'));
  await chmod(join(folder, program), 0o755);
});
afterAll(() => rm(folder, { recursive: true }));

it.each([0, 1])('gives what a helper says, and its status %i', async (status) => {
  expect(await askCredentialHelper(environment(), program, `${status}\n`)).toEqual({ stdout: `get ${status} hidden\n`, status });
});

it.each([
  [program, 'command-failed'],
  ['docker-credential-missing', 'missing-tool'],
])('tells no variable where %s fails', async (name, reason) => {
  const failure: unknown = await askCredentialHelper(environment(), name, '2\n').catch((error: unknown) => error);
  expect(failure).toMatchObject({ reason, where: `${name} get` });
  expect(told(failure)).not.toContain('hidden');
});
