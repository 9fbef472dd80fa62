import { join } from 'node:path';
import { type Keyring, readKeyring } from '../../debian/keyring.ts';
import { releaseOf } from '../../debian/releases.ts';
import type { Image } from '../../image/index.ts';

/** The keys that the archive of an image is verified with. Failures: those of `readKeyring`. */
export function imageKeyring({ release, install, folder }: Image, environment: NodeJS.ProcessEnv): Promise<Keyring> {
  return readKeyring(releaseOf(release), install.keyring && join(folder, install.keyring), environment);
}
