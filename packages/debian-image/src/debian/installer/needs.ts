import type { Release } from '../releases.ts';

/** Memory of the virtual machine in bytes. */
const enough = { small: 512 << 20, large: 1024 << 20 };

/**
 * What the installer of a release needs: its ramdisk and what it loads beside that lie in memory, 40 MiB packed from bookworm on. A machine in
 * software gets it anyway for no more time.
 */
export function installerMemory({ version }: Pick<Release, 'version'>): number {
  return version >= 9 ? enough.large : enough.small;
}

/**
 * A time after the last lists of an archived release and before the keys that signed them expired, by their self-signatures in
 * debian-archive-removed-keys.gpg. A machine whose clock begins there verifies them as everybody did then.
 */
const clocks: Partial<Record<Release['name'], string>> = {
  squeeze: '2017-01-01',
  wheezy: '2019-01-01',
  jessie: '2021-01-01',
  stretch: '2023-06-01',
  buster: '2025-01-01',
};

/** What the clock of the installer's machine must begin at so that the archive verifies; undefined for now. */
export function installerClock({ name }: Pick<Release, 'name'>): Date | undefined {
  const day = clocks[name];
  return day === undefined ? undefined : new Date(`${day}T12:00:00Z`);
}
