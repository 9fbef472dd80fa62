import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { command, run } from '../../../host/index.ts';
import { afterwards } from '../../../host/testing/afterwards.ts';

/** Somebody who signs archives. */
export interface Signer {
  /** GNUPGHOME, and the user in it. */
  readonly home: string;
  readonly user: string;
  /** When it signs, as gpg's --faked-system-time takes it; now where not given. */
  readonly time?: string;
  /** A file with the public key, as apt takes it. */
  readonly keyring: string;
}

/** For tests: makes keys for some users in an empty folder; where a time is given they are made then, and expire a year later. */
export async function makeSigners<Name extends string>(home: string, users: readonly Name[], time?: string): Promise<Record<Name, Signer>> {
  await chmod(home, 0o700);
  const gpg = (...args: string[]): Promise<unknown> =>
    run(command('gpg', ['--batch', ...fakedTime(time), ...args], { env: { GNUPGHOME: home } }), { doing: 'making keys' });
  const signers: Partial<Record<Name, Signer>> = {};
  for (const user of users) {
    const keyring = join(home, `${user}.gpg`);
    await gpg('--passphrase', '', '--quick-generate-key', `${user}@example.org`, 'ed25519', 'sign', time === undefined ? 'never' : '1y');
    await gpg('--output', keyring, '--export', `${user}@example.org`);
    await chmod(keyring, 0o644);
    signers[user] = { home, user: `${user}@example.org`, keyring, ...(time === undefined ? {} : { time }) };
  }
  afterwards(() => run(command('gpgconf', ['--kill', 'all'], { env: { GNUPGHOME: home } }), { doing: 'ending the agent of gpg' }));
  return signers as Record<Name, Signer>;
}

/** Has gpg take another time for now. */
export function fakedTime(time: string | undefined): string[] {
  return time === undefined ? [] : ['--faked-system-time', time];
}
