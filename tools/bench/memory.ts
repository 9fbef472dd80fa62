import { readdirSync, readFileSync } from 'node:fs';

const intervalMs = 250;

/** Watches memory until it is told to stop, and then says the most that was in use at once, in bytes. */
export interface MemoryWatch {
  stop(): number;
}

/**
 * Watches the memory of everything that this process has started: the resident memory of each of those processes (what they share is
 * counted for each) and by how much the memory in tmpfs and shared segments of the whole machine grows. The page cache of files on
 * disk is left out, for the kernel takes it back at any time. Asked every 250 ms, by plain users too, so a shorter peak is missed.
 */
export function watchMemory(): MemoryWatch {
  const before = sharedMemory();
  let peak = 0;
  const look = (): void => {
    const resident = descendants(process.pid).reduce((sum, pid) => sum + residentMemory(pid), 0);
    peak = Math.max(peak, resident + Math.max(0, sharedMemory() - before));
  };
  const timer = setInterval(look, intervalMs);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

/** Bytes in tmpfs and shared memory of the machine (proc(5), Shmem). */
function sharedMemory(): number {
  return kibibytes(readFileSync('/proc/meminfo', 'utf8'), 'Shmem') * 1024;
}

/** Bytes of a process in memory without what lies in tmpfs, which `sharedMemory` has; 0 where it has ended. */
function residentMemory(pid: number): number {
  const status = read(`/proc/${pid}/status`);
  return (kibibytes(status, 'VmRSS') - kibibytes(status, 'RssShmem')) * 1024;
}

/** The processes below one, however deep. */
function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // the name of the program, in brackets, may hold anything; state and parent come after the last bracket
    const parent = Number(/^.*\) \S (\d+)/s.exec(read(`/proc/${name}/stat`))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  const queue = [root];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    const below = children.get(pid) ?? [];
    found.push(...below);
    queue.push(...below);
  }
  return found;
}

function kibibytes(text: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
}

/** A file of /proc, empty where its process has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
