import { createWriteStream } from 'node:fs';
import { availableParallelism } from 'node:os';
import { command, run } from '../../host/index.ts';
import { patchBytes } from '../partition-table/write.ts';
import { withFile } from '../read-at.ts';
import type { FormName } from './names.ts';
import { vdiIdentity } from './vdi.ts';
import { vhdIdentity } from './vhd.ts';
import { vmdkIdentity } from './vmdk.ts';

/** A form that is another writing of the disk's bytes. */
export type PackedForm = Exclude<FormName, 'raw' | 'uec'>;

export interface PackOptions {
  /** The raw disk. */
  readonly source: string;
  /** The file to make. */
  readonly target: string;
  /** What the identifiers in the file follow from, such as the digest of the disk. */
  readonly seed: string;
  /** How many processors xz uses; all of this machine up to four where not given. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/** How qemu-img writes a form, and what it makes up by chance there: bytes to write over it. See qemu-img(1). */
const formats = {
  qcow2: { format: 'qcow2', args: ['-c'], options: 'compat=1.1,compression_type=zstd' },
  vmdk: { format: 'vmdk', args: [], options: 'subformat=streamOptimized,adapter_type=lsilogic', identity: vmdkIdentity },
  vhd: { format: 'vpc', args: [], options: 'subformat=fixed,force_size=on', identity: vhdIdentity },
  vdi: { format: 'vdi', args: [], options: 'static=off', identity: vdiIdentity },
} as const;

/** Writes a disk in another form. The same disk, qemu-img and xz give the same bytes. Failures: those of `run`. */
export async function packDisk(form: PackedForm, { source, target, seed, threads, signal }: PackOptions): Promise<void> {
  const doing = `packing the disk as ${form}`;
  const more = signal ? { signal } : {};
  if (form === 'raw.xz') {
    await run(command('xz', [...xzArguments(threads), source]), { doing, output: createWriteStream(target), ...more });
    return;
  }
  const { format, args, options, ...rest } = formats[form];
  await run(command('qemu-img', ['convert', '-f', 'raw', '-O', format, ...args, '-o', options, source, target]), { doing, ...more });
  if ('identity' in rest)
    await patchBytes(
      target,
      withFile(target, (file) => rest.identity(file, seed)),
    );
}

/**
 * Blocks of a fixed size, so that the number of threads, of which each takes 165 MiB of memory, decides no byte. Never one alone: then xz writes
 * other headers.
 */
function xzArguments(threads = Math.min(4, availableParallelism())): string[] {
  return ['--stdout', `--threads=${Math.max(2, threads)}`, '--block-size=24MiB', '-6'];
}
