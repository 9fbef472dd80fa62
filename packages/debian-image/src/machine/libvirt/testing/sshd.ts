import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { command, isRoot, run } from '../../../host/index.ts';

/** For tests: a real sshd on loopback, to which this user logs in with a key of its own; nothing of this user's ssh is read or written. */
export interface TestSshd {
  /** The address of a libvirt whose socket is that one, by this sshd. */
  connect(path: string, socket: string): string;
  stop(): Promise<void>;
}

/** Starts one with its files in a folder. */
export async function startSshd(parent: string): Promise<TestSshd> {
  const folder = await mkdtemp(join(parent, 'ssh-'));
  const [hostKey, userKey] = [join(folder, 'host'), join(folder, 'user')];
  for (const key of [hostKey, userKey]) await run(command('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]), { doing: 'test' });
  const config = join(folder, 'sshd_config');
  // PAM lets root in by a key whose password is locked
  const lines = ['ListenAddress 127.0.0.1', `HostKey ${hostKey}`, `AuthorizedKeysFile ${userKey}.pub`, 'StrictModes no', 'PidFile none'];
  await writeFile(config, [...lines, `UsePAM ${isRoot() ? 'yes' : 'no'}`, ''].join('\n'));
  // for privilege separation, where no service manager makes it (sshd(8))
  if (isRoot()) await mkdir('/run/sshd', { recursive: true });
  const client = join(folder, 'ssh');
  const options = ['-F', '/dev/null', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
  await writeFile(client, `#!/bin/sh\nexec ssh ${options.join(' ')} "$@"\n`, { mode: 0o755 });
  const port = await freePort();
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', '/usr/sbin/sshd', '-D', '-e', '-f', config, '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  for (let tries = 0; !said.includes('Server listening'); tries += 1) {
    if (child.exitCode !== null || tries > 100) throw new Error(`sshd did not start: ${said}`);
    await sleep(100);
  }
  return {
    connect(path, socket) {
      const query = new URLSearchParams({ socket, keyfile: userKey, command: client, proxy: 'netcat' });
      return `qemu+ssh://${userInfo().username}@127.0.0.1:${port}${path}?${query}`;
    },
    async stop() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}

/** sshd must be told its port. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
