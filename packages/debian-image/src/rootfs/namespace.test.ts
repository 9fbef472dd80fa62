import { expect, it } from 'vitest';
import { command } from '../host/index.ts';
import { inNamespaces, removeInNamespaces } from './namespace.ts';

const own = ['--mount', '--propagation', 'private', '--uts', '--ipc', '--net', '--pid', '--fork', '--kill-child=KILL'];
const script = `umask 022
mount -t proc proc /proc
hostname "$3"
if [ "$1" = disk ]; then
  mkdir -p "$2/work"
  mount --bind "$2/work" /mnt
else
  mount -t tmpfs -o "size=$1,mode=0755" tmpfs /mnt
fi
scratch=$2
shift 3
echo "$@"`;

it('plans a script in namespaces of its own: for a plain user, in memory', () => {
  const options = { root: false, memoryBytes: 1 << 30, scratch: '/scratch', hostname: 'debian' };
  expect(inNamespaces(options, 'echo "$@"', ['a b', 'c'])).toEqual(
    command('unshare', [
      '--map-root-user',
      '--map-auto',
      ...own,
      'sh',
      '-euc',
      script,
      'inside',
      '1073741824',
      '/scratch',
      'debian',
      'a b',
      'c',
    ]),
  );
});

it('plans it for root on disk', () => {
  const options = { root: true, memoryBytes: undefined, scratch: '/scratch', hostname: 'debian' };
  expect(inNamespaces(options, 'echo "$@"', [])).toEqual(
    command('unshare', [...own, 'sh', '-euc', script, 'inside', 'disk', '/scratch', 'debian']),
  );
});

it('plans to remove what belongs to subordinate ids, on one file system only', () => {
  const remove = ['rm', '-rf', '--one-file-system', '--', '/a b'];
  expect(removeInNamespaces(true, '/a b')).toEqual(command('unshare', remove));
  expect(removeInNamespaces(false, '/a b')).toEqual(command('unshare', ['--map-root-user', '--map-auto', ...remove]));
});
