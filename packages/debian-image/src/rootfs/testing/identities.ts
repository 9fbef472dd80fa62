import { chown, readFile } from 'node:fs/promises';
import { type Command, command, isRoot } from '../../host/index.ts';

/** For tests: somebody who builds. `as` makes a command theirs, `own` gives them a folder. */
export interface Identity {
  readonly name: string;
  readonly root: boolean;
  as(planned: Command): Command;
  own(folder: string): Promise<void>;
}

/** For tests: root and the first user with subordinate ids where the tests run as root, else only whoever runs them. */
export async function identities(): Promise<Identity[]> {
  const self: Identity = { name: isRoot() ? 'root' : 'a plain user', root: isRoot(), as: (planned) => planned, own: async () => {} };
  if (!isRoot()) return [self];
  const user = (await readFile('/etc/subuid', 'utf8')).split(':')[0];
  const entry = (await readFile('/etc/passwd', 'utf8')).split('\n').find((line) => line.startsWith(`${user}:`));
  if (entry === undefined) throw new Error('as root the tests need a plain user with subordinate ids in /etc/subuid');
  const [uid, gid] = entry.split(':').slice(2, 4).map(Number);
  return [
    self,
    {
      name: 'a plain user',
      root: false,
      as: ({ program, args, ...more }) => command('runuser', ['-u', user!, '--', program, ...args], more),
      own: (folder) => chown(folder, uid!, gid!),
    },
  ];
}
