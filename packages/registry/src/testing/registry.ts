import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { makeCertificate } from '@nx-debian-image/http/testing';
import { configuration, filesIn, passwords, type StartOptions } from './configuration.ts';

/** Debian's docker-registry on 127.0.0.1, a child of this process that it never outlives. */
export interface RunningRegistry {
  /** `127.0.0.1:PORT`, what the name of a repository begins with. */
  readonly host: string;
  /** The file of its certificate, where it speaks https. */
  readonly ca: string | undefined;
  /** Ends it, in order or at once; what it has stays in its folder. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a registry that keeps what it has in a folder, and finds there what another one has left. */
export async function startRegistry(folder: string, options: StartOptions = {}): Promise<RunningRegistry> {
  await mkdir(folder, { recursive: true });
  const files = filesIn(folder);
  if (options.tls && !existsSync(files.certificate)) await makeCertificate(files.certificate, files.key);
  await writeFile(files.passwords, passwords);
  const config = join(folder, 'config.yml');
  await writeFile(config, configuration(files, options));
  // setpriv (util-linux) ends it even where this process is killed.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'docker-registry', 'serve', config], {
    env: { PATH: process.env['PATH'], OTEL_TRACES_EXPORTER: 'none' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(child, 'close');
  let said = '';
  let host: string | undefined;
  const listening = new Promise<void>((resolve) => {
    for (const output of [child.stdout, child.stderr]) {
      createInterface({ input: output }).on('line', (line) => {
        if (host === undefined) said += `${line}\n`;
        host ??= /listening on ([\d.]+:\d+)/.exec(line)?.[1];
        if (host !== undefined) resolve();
      });
    }
  });
  await Promise.race([listening, gone]);
  if (host === undefined) throw new Error(`docker-registry does not start:\n${said}`);
  return {
    host,
    ca: options.tls ? files.certificate : undefined,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await gone;
    },
  };
}
