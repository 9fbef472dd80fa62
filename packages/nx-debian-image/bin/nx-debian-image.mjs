#!/usr/bin/env node
// Runs the command line: what is packed, or in the workspace that develops it the TypeScript source.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src/command-line/main.ts', import.meta.url));

if (existsSync(source)) {
  const register = import.meta.resolve('@swc-node/register/esm-register');
  const args = ['--conditions=@nx-debian-image/source', '--import', register, source, ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else {
  await import('../dist/command-line/main.js');
}
