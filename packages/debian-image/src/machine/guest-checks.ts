/** One thing measured. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, for a person. */
  readonly value: string;
}

/** Something to ask a running guest: a shell line for root, and what its answer means. Pure. */
export interface Question {
  readonly name: string;
  readonly line: string;
  judge(answer: string): Omit<Check, 'name'>;
}

/** What a guest should turn out to be. */
export interface Expectation {
  /** The flavour's disk in bytes. */
  readonly disk: number;
  readonly locales: readonly string[];
  readonly packages: readonly string[];
}

/**
 * Waits for the units that still start behind the prompt, up to a minute and more on a slow guest, and says the state it saw last.
 * Asked again and again: `--wait` is not known before systemd 240, and hangs where dbus is broken.
 */
export const settling: Question = {
  name: 'start finished',
  line:
    'test -d /run/systemd/system || { echo no systemd; exit; }; n=0; while [ $n -lt 30 ]; do s=$(systemctl is-system-running 2>/dev/null); ' +
    'case "$s" in initializing|starting) sleep 2;; *) break;; esac; n=$((n+1)); done; echo $s',
  judge: (answer) => {
    const state = answer.trim();
    // Degraded has failed units, which a question of its own names.
    return { ok: ['running', 'degraded', 'no systemd'].includes(state), value: state || 'unknown' };
  },
};

/** Of a grown disk, ext4 keeps a part for itself: inode tables, journal. */
const usableShare = 0.9;

/** The questions to a guest of any release: where it has no systemd, those about it say so. */
export function questions({ disk, locales, packages }: Expectation): Question[] {
  return [
    { name: 'root grown', line: 'df -Pk /', judge: (answer) => judgeSize(answer, disk) },
    {
      name: 'host keys',
      line: 'ls /etc/ssh/ssh_host_*_key',
      judge: (answer) => ({ ok: answer.trim() !== '', value: answer.trim().split(/\s+/).join(' ') }),
    },
    { name: 'machine-id', line: 'test -d /run/systemd/system && cat /etc/machine-id || echo no systemd', judge: judgeMachineId },
    { name: 'locales', line: 'locale -a', judge: (answer) => judgeList(answer.split('\n'), locales, normalLocale) },
    {
      name: 'packages',
      line: "dpkg-query -W -f '${Status} ${Package}\\n' | sed -n 's/^install ok installed //p'",
      judge: (answer) => judgeList(answer.split('\n'), packages, (name) => name),
    },
    {
      name: 'failed units',
      line: 'test -d /run/systemd/system && systemctl --failed --no-legend --no-pager --plain || true',
      judge: (answer) => ({ ok: answer.trim() === '', value: answer.trim() || 'none' }),
    },
    { name: 'address by DHCP', line: 'ip -4 -o addr show scope global', judge: judgeAddress },
    { name: 'name server by DHCP', line: 'cat /etc/resolv.conf', judge: judgeNameServer },
  ];
}

function judgeSize(answer: string, disk: number): Omit<Check, 'name'> {
  const bytes = Number(answer.trim().split('\n').at(-1)?.split(/\s+/)[1] ?? 0) * 1024;
  return { ok: bytes >= disk * usableShare, value: `${(bytes / 2 ** 30).toFixed(2)} of ${(disk / 2 ** 30).toFixed(2)} GiB` };
}

function judgeMachineId(answer: string): Omit<Check, 'name'> {
  const id = answer.trim();
  return { ok: id === 'no systemd' || /^[0-9a-f]{32}$/.test(id), value: id || 'empty' };
}

function judgeList(have: readonly string[], want: readonly string[], normal: (name: string) => string): Omit<Check, 'name'> {
  const there = new Set(have.map((name) => normal(name.trim())));
  const missing = want.filter((name) => !there.has(normal(name)));
  return { ok: missing.length === 0, value: missing.length === 0 ? `all ${want.length}` : `missing: ${missing.join(', ')}` };
}

/** `fr_FR.UTF-8` and what `locale -a` says of it, `fr_FR.utf8`, are one. */
const normalLocale = (name: string): string => name.toLowerCase().replaceAll('-', '');

/** QEMU's user network gives 10.0.2.15, and 10.0.2.3 as the name server (qemu(1), -netdev user). */
function judgeAddress(answer: string): Omit<Check, 'name'> {
  const address = /inet (\d+(?:\.\d+){3})/.exec(answer)?.[1];
  return { ok: address === '10.0.2.15', value: address ?? 'none' };
}

function judgeNameServer(answer: string): Omit<Check, 'name'> {
  const servers = [...answer.matchAll(/^nameserver\s+(\S+)/gm)].map((match) => match[1] ?? '');
  // 127.0.0.53 is systemd-resolved's own, which asks the one it was given.
  return { ok: servers.includes('10.0.2.3') || servers.includes('127.0.0.53'), value: servers.join(' ') || 'none' };
}
