import { chmod, truncate } from 'node:fs/promises';
import { findRoot } from '../disk/boot-files.ts';
import { withFile } from '../disk/read-at.ts';
import { command, requireProgram, run } from '../host/index.ts';
import { addKey, type RootPreparation } from './prepare.ts';

export interface DiskPreparation extends Omit<RootPreparation, 'growth'> {
  /** What QEMU calls the form of the source. */
  readonly format: string;
}

/** Fails as `missing-tool` where this machine has no program that unpacks a bare disk. */
export function requireDiskPrograms(signal: AbortSignal): Promise<void> {
  return requireProgram({ program: 'qemu-img', package: 'qemu-utils' }, { what: 'starting a bare disk', signal });
}

/**
 * Makes a disk for one machine out of a bare disk: a raw copy of `size` bytes, with a key in its root file system, which is not mounted for that.
 * The guest grows the root. Failures: those of `run` and `findRoot`.
 */
export async function prepareDisk({ source, format, target, size, publicKey, tools, signal }: DiskPreparation): Promise<void> {
  const more = signal ? { signal } : {};
  await run(command('qemu-img', ['convert', '-f', format, '-O', 'raw', source, target]), { doing: 'copying the bare disk', ...more });
  // it holds what the image holds, whoever else may look into its folder
  await chmod(target, 0o600);
  if (publicKey !== undefined) await addKey(target, { start: withFile(target, findRoot).start, publicKey, tools, ...more });
  await truncate(target, size);
}
