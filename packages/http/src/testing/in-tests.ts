import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { listen } from './server.ts';

// Apart from what starts servers for other programs too, which need no vitest.

/** An empty folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'http-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Has a server listen on a free port of 127.0.0.1 until the test ends; gives the host. */
export async function listening(server: Server): Promise<string> {
  const { host, close } = await listen(server);
  onTestFinished(close);
  return host;
}
