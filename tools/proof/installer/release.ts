import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { command, run } from '../../../packages/debian-image/src/host/index.ts';

/** A digest in hexadecimal digits. */
export function digestIn(algorithm: 'md5' | 'sha256', bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

const sections: Readonly<Record<string, 'md5' | 'sha256'>> = { MD5Sum: 'md5', SHA256: 'sha256' };

/** A Release file that names other bytes for some of its files, by their path in it. */
export function withFiles(release: string, files: ReadonlyMap<string, Buffer>): string {
  let section = '';
  const lines = release.split('\n').map((line) => {
    if (/^\w/.test(line)) section = line.split(':', 1)[0]!;
    const path = /^ \w+\s+\d+ (\S+)$/.exec(line)?.[1];
    const bytes = path === undefined ? undefined : files.get(path);
    const algorithm = sections[section];
    return bytes === undefined || algorithm === undefined ? line : ` ${digestIn(algorithm, bytes)} ${bytes.length} ${path}`;
  });
  return lines.join('\n');
}

/** Somebody whose key exists for this run alone. */
export interface Signer {
  /** The public key. */
  readonly key: Buffer;
  inline(text: string): Promise<Buffer>;
  detached(text: string): Promise<Buffer>;
  end(): Promise<void>;
}

/** Makes a key in an empty folder. */
export async function makeSigner(home: string): Promise<Signer> {
  await mkdir(home, { mode: 0o700 });
  const user = 'filled-mirror@localhost';
  const gpg = async (args: readonly string[], input = ''): Promise<Buffer> => {
    const armoured = command('gpg', ['--batch', '--quiet', '--armor', ...args], { env: { GNUPGHOME: home } });
    return Buffer.from((await run(armoured, { doing: 'signing', input })).stdout);
  };
  await gpg(['--passphrase', '', '--quick-generate-key', user, 'ed25519', 'sign', 'never']);
  const armoured = await gpg(['--export', user]);
  return {
    key: unarmoured(armoured.toString()),
    inline: (text) => gpg(['--local-user', user, '--clearsign'], text),
    detached: (text) => gpg(['--local-user', user, '--detach-sign'], text),
    end: async () =>
      void (await run(command('gpgconf', ['--kill', 'all'], { env: { GNUPGHOME: home } }), { doing: 'ending the agent of gpg' })),
  };
}

/** What stands in base64 in the armour of OpenPGP (RFC 9580, 6.2), without its checksum. */
function unarmoured(text: string): Buffer {
  const body = text
    .split('\n\n')[1]!
    .split('\n')
    .filter((line) => !/^[-=]/.test(line));
  return Buffer.from(body.join(''), 'base64');
}
