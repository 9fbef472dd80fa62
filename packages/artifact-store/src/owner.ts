import { randomBytes } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { codeOf } from './file-errors.ts';

/** A process as the name of a file tells it, so that a later run can find out whether it is still there. */
export interface Owner {
  readonly pid: number;
  /** When the process began, in clock ticks since boot: tells it from a later one with the same pid. */
  readonly started: string;
  /** The pid namespace (container) in which the pid counts. */
  readonly namespace: string;
}

/** How long something of a process in another container is left alone: its pid means nothing here. */
const foreignPatienceMs = 24 * 3600 * 1000;

let self: Promise<Owner> | undefined;

/** A name that no one else ever uses: `<pid>-<start>-<pid namespace>-<random>` of this process. */
export async function ownedName(): Promise<string> {
  self ??= readSelf();
  const { pid, started, namespace } = await self;
  return `${pid}-${started}-${namespace}-${randomBytes(6).toString('hex')}`;
}

/** The owner that a name made by `ownedName` tells; undefined for other names. */
export function ownerOf(name: string): Owner | undefined {
  const match = /^(\d+)-(\d+)-(\d+)-[0-9a-f]{12}$/.exec(name);
  return match ? { pid: Number(match[1]), started: match[2]!, namespace: match[3]! } : undefined;
}

/**
 * Whether a process still runs: same pid and same start time, and no zombie. For a process of another container, of which nothing can
 * be known, whether what it left (`touchedMs`, a time of change) is younger than a day.
 */
export async function isAlive(owner: Owner, touchedMs: number, nowMs = Date.now()): Promise<boolean> {
  self ??= readSelf();
  if (owner.namespace !== (await self).namespace) return nowMs - touchedMs < foreignPatienceMs;
  const now = await readStat(owner.pid);
  return now !== undefined && now.started === owner.started && !now.ended;
}

/** A process in words: `process 4711`. */
export async function ownerInWords(owner: Owner): Promise<string> {
  self ??= readSelf();
  return `process ${owner.pid}${owner.namespace === (await self).namespace ? '' : ' of another container'}`;
}

async function readSelf(): Promise<Owner> {
  const stat = await readStat(process.pid);
  if (stat === undefined) throw new Error('/proc is not mounted');
  // `pid:[4026531836]`
  const namespace = (await readlink('/proc/self/ns/pid')).replaceAll(/\D/g, '');
  return { pid: process.pid, started: stat.started, namespace };
}

/** State (field 3) and start time (field 22) of /proc/PID/stat, proc_pid_stat(5); the name in field 2 may hold spaces and parentheses. */
async function readStat(pid: number): Promise<{ started: string; ended: boolean } | undefined> {
  let text: string;
  try {
    text = await readFile(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    // ESRCH: it ended between open and read.
    if (['ENOENT', 'ESRCH'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { started: fields[19]!, ended: fields[0] === 'Z' || fields[0] === 'X' };
}
