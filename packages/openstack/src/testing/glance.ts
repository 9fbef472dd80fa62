import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, python, runOnce, startDaemon } from './daemon.ts';
import { glanceConfiguration, glancePipelines } from './glance-configuration.ts';
import type { Keystone } from './keystone.ts';

/** A real Glance on 127.0.0.1, from Debian's package python3-glance: sqlite, and a folder as its store. */
export interface Glance {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** A clouds.yaml; without a Keystone it has the one cloud `noauth`. */
  readonly cloudsYaml: string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface GlanceOptions {
  /** Takes its state; a second start in the same folder finds the images again. */
  readonly folder: string;
  readonly port?: number;
  /** Asks this Keystone who everybody is; otherwise everybody is an administrator. */
  readonly keystone?: Keystone;
  /** Further lines of glance-api.conf, such as `[DEFAULT]\nimage_size_cap = 1000`. */
  readonly extra?: string;
}

export async function startGlance({ folder, port: wantedPort, keystone, extra = '' }: GlanceOptions): Promise<Glance> {
  const port = wantedPort ?? keystone?.imagePort ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  for (const name of ['images', 'staging', 'tasks']) await mkdir(join(folder, name), { recursive: true });
  const configuration = join(folder, 'glance-api.conf');
  await writeFile(join(folder, 'paste.ini'), glancePipelines);
  await writeFile(join(folder, 'policy.yaml'), '{}\n');
  await writeFile(configuration, `${glanceConfiguration({ folder, port, keystone })}${extra}\n`);
  const log = join(folder, 'glance.log');
  await runOnce(python, ['-m', 'glance.cmd.manage', '--config-file', configuration, 'db', 'sync'], folder, log);
  const daemon = await startDaemon({
    program: python,
    args: ['-m', 'glance.cmd.api', '--config-file', configuration],
    folder,
    log,
    // A list of versions comes with 300.
    ready: () =>
      fetch(url).then(
        ({ status }) => status === 300,
        () => false,
      ),
  });
  const cloudsYaml = keystone?.cloudsYaml ?? join(folder, 'clouds.yaml');
  if (!keystone)
    await writeFile(
      cloudsYaml,
      `clouds:\n  noauth:\n    auth_type: none\n    image_endpoint_override: ${url}\n    auth: { endpoint: "${url}" }\n`,
    );
  return { url, port, pid: daemon.pid, cloudsYaml, stop: (signal) => daemon.stop(signal) };
}
