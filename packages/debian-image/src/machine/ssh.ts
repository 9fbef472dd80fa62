import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, command, run } from '../host/index.ts';

/** A key pair made for one machine. */
export interface KeyPair {
  /** Path of the private key. */
  readonly privateKey: string;
  /** The public key's line for authorized_keys. */
  readonly publicKey: string;
}

/** Makes a key pair in a folder. RSA, the one kind that every sshd from squeeze's 5.5 to today's takes. */
export async function makeKeyPair(folder: string, signal?: AbortSignal): Promise<KeyPair> {
  const privateKey = join(folder, 'id_rsa');
  await run(command('ssh-keygen', ['-q', '-t', 'rsa', '-b', '3072', '-N', '', '-C', 'nx-debian-image', '-f', privateKey]), {
    doing: 'making an SSH key for the machine',
    ...(signal ? { signal } : {}),
  });
  return { privateKey, publicKey: (await readFile(`${privateKey}.pub`, 'utf8')).trim() };
}

/**
 * ssh to root of a machine on 127.0.0.1. Its host key was made at this boot, so there is none to compare. SHA-1 signatures and
 * key exchange are offered beside the others: sshd before 7.2 (up to jessie) has no newer ones for RSA.
 */
export function sshCommand(port: number, privateKey: string, remote: string): Command {
  const options = {
    BatchMode: 'yes',
    ConnectTimeout: '15',
    IdentitiesOnly: 'yes',
    LogLevel: 'ERROR',
    StrictHostKeyChecking: 'no',
    UserKnownHostsFile: '/dev/null',
    GlobalKnownHostsFile: '/dev/null',
    HostKeyAlgorithms: '+ssh-rsa',
    PubkeyAcceptedAlgorithms: '+ssh-rsa',
    KexAlgorithms: '+diffie-hellman-group14-sha1',
  };
  const settings = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return command('ssh', ['-F', '/dev/null', '-p', String(port), '-i', privateKey, ...settings, 'root@127.0.0.1', '--', remote]);
}

/** What a person types to log in to such a machine; without a private key ssh takes its own. */
export function loginCommand(port: number, privateKey: string | undefined): Command {
  const forgetful = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
  const identity = privateKey === undefined ? [] : ['-i', privateKey];
  return command('ssh', ['-p', String(port), ...identity, ...forgetful, 'root@127.0.0.1']);
}
