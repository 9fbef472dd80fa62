import { join } from 'node:path';
import { digestOf } from '../../../debian/archive/fetch.ts';
import { namedPackages } from '../../../debian/archive/resolve.ts';
import type { Architecture } from '../../../debian/names.ts';
import { fetchTools } from '../../../debian/tools/locked.ts';
import { chooseTools } from '../../../debian/tools/resolve.ts';
import { run } from '../../../host/index.ts';
import { type GuestPackages, unpackGuest } from '../../../machine/testing/tiny-guest.ts';
import { testToolOptions } from './tools.ts';

/** For tests: kernel and busybox of an architecture that this machine's apt has no lists of, chosen and verified as a build does it. */
export async function foreignGuestPackages(architecture: Architecture, folder: string): Promise<GuestPackages> {
  const options = { ...(await testToolOptions()), architecture };
  const packages = await chooseTools(options, async (apt, signal) => {
    const name = `linux-image-cloud-${architecture}`;
    const { stdout } = await run(apt.call('apt-cache', ['depends', name]), { doing: 'choosing a kernel', signal });
    const kernel = /Depends: (linux-image-\S+)/.exec(stdout)?.[1] ?? name;
    return namedPackages({ apt, wanted: [kernel, 'busybox-static'], signal });
  });
  await fetchTools(packages, options);
  const files = packages.map((each) => options.store.blobPath(digestOf(each)));
  return unpackGuest(files, join(folder, 'tree'));
}
