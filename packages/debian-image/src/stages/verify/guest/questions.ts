import { builtInOptions } from '../../../debian/built-in-modules.ts';
import type { Finding } from '../check.ts';
import { memoryLine } from './balloon.ts';
import type { Expectation } from './expectation.ts';

/** Something to ask a running guest: a shell line for root, and what its answer means. Pure. */
export interface Question {
  readonly name: string;
  readonly line: string;
  judge(answer: string): Finding;
}

/**
 * Waits for the units that still start behind the prompt, up to a minute and more on a slow guest, and says the state it saw last.
 * Asked again and again: `--wait` is not known before systemd 240, and hangs where dbus is broken.
 */
const settling: Question = {
  name: 'start finished',
  line:
    'test -d /run/systemd/system || { echo no systemd; exit; }; n=0; while [ $n -lt 60 ]; do s=$(systemctl is-system-running 2>/dev/null); ' +
    'case "$s" in initializing|starting) sleep 1;; *) break;; esac; n=$((n+1)); done; echo $s',
  judge: (answer) => {
    const state = answer.trim();
    // Degraded has failed units, which a question of its own names.
    return { ok: ['running', 'degraded', 'no systemd'].includes(state), value: state || 'unknown' };
  },
};

/** The questions whose answers must be other ones on every instance: made at its first boot, for the image has none. */
export const identity: readonly Question[] = [
  {
    name: 'host keys',
    line: "cut -d' ' -f1,2 /etc/ssh/ssh_host_*_key.pub",
    judge: (answer) => {
      const kinds = answer.split('\n').flatMap((line) => line.split(' ', 1)[0] || []);
      return { ok: kinds.length > 0, value: kinds.join(' ') || 'none' };
    },
  },
  {
    name: 'machine-id',
    line: 'test -d /run/systemd/system && cat /etc/machine-id || echo no systemd',
    judge: (answer) => {
      const id = answer.trim();
      return { ok: id === 'no systemd' || /^[0-9a-f]{32}$/.test(id), value: id || 'empty' };
    },
  },
];

/** Of a grown disk, ext4 keeps a part for itself: inode tables, journal. */
const usableShare = 0.9;

/** The questions to a guest of any release: where it has no systemd, those about it say so. */
export function questions({ disk, memory, locales, packages, modules }: Expectation): readonly Question[] {
  return [
    settling,
    ...(disk === undefined ? [] : [{ name: 'root grown', line: 'df -Pk /', judge: (answer: string) => judgeSize(answer, disk) }]),
    { name: 'memory', line: memoryLine, judge: (answer) => judgeMemory(answer, memory) },
    ...identity,
    { name: 'locales', line: 'locale -a', judge: (answer) => judgeList(answer.split('\n'), locales, normalLocale) },
    {
      name: 'packages',
      line: "dpkg-query -W -f '${Status} ${Package}\\n' | sed -n 's/^install ok installed //p'",
      judge: (answer) => judgeList(answer.split('\n'), packages, (name) => name),
    },
    { name: 'modules', line: modulesLine, judge: (answer) => judgeList(modulesIn(answer), modules, normalModule) },
    {
      name: 'failed units',
      line: 'test -d /run/systemd/system && systemctl --failed --no-legend --no-pager --plain || true',
      judge: (answer) => ({ ok: answer.trim() === '', value: answer.trim() || 'none' }),
    },
    { name: 'address by DHCP', line: 'ip -4 -o addr show scope global', judge: judgeAddress },
    {
      name: 'name server by DHCP',
      line: 'cat /etc/resolv.conf /run/systemd/resolve/resolv.conf 2>/dev/null || true',
      judge: judgeNameServer,
    },
  ];
}

function judgeSize(answer: string, disk: number): Finding {
  const bytes = Number(answer.trim().split('\n').at(-1)?.split(/\s+/)[1] ?? 0) * 1024;
  return { ok: bytes >= disk * usableShare, value: `${(bytes / 2 ** 30).toFixed(2)} of ${(disk / 2 ** 30).toFixed(2)} GiB` };
}

/** Of its memory a kernel keeps a part for itself. */
const usableMemory = 0.8;

function judgeMemory(answer: string, memory: number): Finding {
  const kibibytes = Number(answer);
  return {
    ok: kibibytes * 1024 >= memory * usableMemory,
    value: `${Math.round(kibibytes / 1024)} of ${Math.round(memory / 2 ** 20)} MiB`,
  };
}

function judgeList(have: readonly string[], want: readonly string[], normal: (name: string) => string): Finding {
  const there = new Set(have.map((name) => normal(name.trim())));
  const missing = want.filter((name) => !there.has(normal(name)));
  return { ok: missing.length === 0, value: missing.length === 0 ? `all ${want.length}` : `missing: ${missing.join(', ')}` };
}

/** `fr_FR.UTF-8` and what `locale -a` says of it, `fr_FR.utf8`, are one. */
const normalLocale = (name: string): string => name.toLowerCase().replaceAll('-', '');

const normalModule = (name: string): string => name.replaceAll('-', '_');

/** The loaded modules, those that are built in, and the options of the kernel that stand for one that is never listed. */
const modulesLine =
  'cut -d" " -f1 /proc/modules; v=$(uname -r); sed "s|.*/||; s|\\.ko.*||" /lib/modules/$v/modules.builtin; grep "=y$" /boot/config-$v';

function modulesIn(answer: string): string[] {
  const lines = answer.split('\n');
  const options = new Set(lines);
  return [...lines, ...Object.entries(builtInOptions).flatMap(([name, option]) => (options.has(`CONFIG_${option}=y`) ? [name] : []))];
}

/** QEMU's user network gives 10.0.2.15, and 10.0.2.3 as the name server (qemu(1), -netdev user), which systemd-resolved has in a file of its own. */
function judgeAddress(answer: string): Finding {
  const address = /inet (\d+(?:\.\d+){3})/.exec(answer)?.[1];
  return { ok: address === '10.0.2.15', value: address ?? 'none' };
}

function judgeNameServer(answer: string): Finding {
  const servers = [...answer.matchAll(/^nameserver\s+(\S+)/gm)].map((match) => match[1] ?? '');
  return { ok: servers.includes('10.0.2.3'), value: servers.join(' ') || 'none' };
}
