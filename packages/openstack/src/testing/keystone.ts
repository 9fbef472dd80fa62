import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificates } from '@nx-debian-image/http/testing';
import { openTransport, request } from '../http/index.ts';
import { type Daemon, freePort, python, runOnce, startDaemon } from './daemon.ts';
import { keystoneConfiguration, serveKeystone } from './keystone-configuration.ts';
import { fillKeystone } from './keystone-content.ts';

/** A real Keystone on 127.0.0.1, from Debian's package python3-keystone, with projects, users and a catalog. */
export interface Keystone {
  /** With /v3. */
  readonly url: string;
  /** Where its catalog says that the image service is. */
  readonly imagePort: number;
  /** Clouds `admin`, `demo` and `other` (name, password and project alike), `demo-credential` (an application credential). */
  readonly cloudsYaml: string;
  /** The authority of its certificate, where it speaks https. */
  readonly caFile: string | undefined;
  stop(): Promise<void>;
}

export interface KeystoneOptions {
  /** Takes its state; an empty one. */
  readonly folder: string;
  readonly imagePort?: number;
  /** Speak https, with an authority of its own. */
  readonly tls?: boolean;
  /** How long a token lasts; an hour where not given. */
  readonly tokenSeconds?: number;
}

export async function startKeystone({
  folder,
  imagePort: wantedPort,
  tls = false,
  tokenSeconds = 3600,
}: KeystoneOptions): Promise<Keystone> {
  const port = await freePort();
  const imagePort = wantedPort ?? (await freePort());
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}/v3`;
  const keys = ['fernet', 'credential'];
  for (const name of [...keys, 'domains']) await mkdir(join(folder, name), { recursive: true });
  for (const name of keys) await chmod(join(folder, name), 0o700);
  await writeFile(join(folder, 'keystone.conf'), keystoneConfiguration({ folder, tokenSeconds }));
  await writeFile(join(folder, 'policy.yaml'), '{}\n');
  await writeFile(join(folder, 'serve.py'), serveKeystone);
  const certificates = tls ? await makeCertificates(folder) : undefined;
  await setUp(folder, url);
  const caFile = certificates?.caFile;
  const transport = openTransport(
    { verify: true, caFile, certFile: undefined, keyFile: undefined },
    { http: undefined, https: undefined, except: undefined },
    { waitsMs: [] },
  );
  const daemon: Daemon = await startDaemon({
    program: python,
    args: [join(folder, 'serve.py'), String(port), ...(certificates ? [certificates.certFile, certificates.keyFile] : [])],
    folder,
    env: { OS_KEYSTONE_CONFIG_DIR: folder },
    log: join(folder, 'keystone.log'),
    ready: () =>
      request(transport, { method: 'GET', url: new URL(url), doing: 'waiting for Keystone' }).then(
        ({ status }) => status === 200,
        () => false,
      ),
  });
  const cloudsYaml = join(folder, 'clouds.yaml');
  await writeFile(cloudsYaml, await fillKeystone(transport, { url, imagePort, caFile }));
  return { url, imagePort, cloudsYaml, caFile, stop: () => daemon.stop() };
}

const manage = 'import sys; from keystone.cmd.manage import main; sys.argv[0] = "keystone-manage"; sys.exit(main())';

async function setUp(folder: string, url: string): Promise<void> {
  const log = join(folder, 'setup.log');
  const keystone = (...args: string[]): Promise<void> =>
    runOnce(python, ['-c', manage, '--config-file', join(folder, 'keystone.conf'), ...args], folder, log);
  const owner = ['--keystone-user', String(process.getuid!()), '--keystone-group', String(process.getgid!())];
  await Promise.all([keystone('db_sync'), keystone('fernet_setup', ...owner), keystone('credential_setup', ...owner)]);
  // Without a write-ahead log the reader of one request blocks the writer of another: "database is locked".
  const journal = 'import sqlite3; sqlite3.connect("keystone.sqlite").execute("pragma journal_mode=wal")';
  await runOnce(python, ['-c', journal], folder, log);
  const urls = ['public', 'internal', 'admin'].flatMap((name) => [`--bootstrap-${name}-url`, url]);
  const names = ['username', 'project-name', 'role-name', 'password'].flatMap((name) => [`--bootstrap-${name}`, 'admin']);
  await keystone('bootstrap', ...names, '--bootstrap-service-name', 'keystone', '--bootstrap-region-id', 'RegionOne', ...urls);
}
