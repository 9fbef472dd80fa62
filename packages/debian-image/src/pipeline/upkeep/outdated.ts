import { type Artifact, readArtifact } from '@nx-debian-image/artifact-store';
import { Failure, silent } from '@nx-debian-image/report';
import type { LockedPackage, PinnedPackage } from '../../debian/archive/package.ts';
import { packageChanges } from '../../debian/lock/changes.ts';
import { lockCommand, readLock } from '../../debian/lock/read.ts';
import { lockFileName } from '../../debian/lock/schema.ts';
import { resolveImagePackages } from '../../stages/install/choose.ts';
import { belowOf } from '../below.ts';
import type { Build } from '../build.ts';
import { openBuild, type StageRequest } from '../open-build.ts';
import { requireBootstrap } from '../require-bootstrap.ts';
import { changesInWords, changesTable } from './changes-table.ts';
import { type Choice, choiceFor } from './choice.ts';
import { type ReportOptions, writeReport } from './json-report.ts';

/**
 * Says what a refresh of an image's lock would bring; without a lock, what building it anew would bring after what was built last. Changes
 * nothing; that there is something newer is no failure. Fails as `not-found` where there is neither lock nor build.
 */
export async function listOutdated(request: StageRequest): Promise<void> {
  const options = request.options as ReportOptions;
  const build = await openBuild(options.json === true ? { ...request, progress: silent } : request);
  requireBootstrap(build.image, 'outdated');
  const { packages, than } = await known(build);
  const changes = packageChanges(packages, await packagesNow(await choiceFor(build)));
  await writeReport(request, { image: build.image.name, than, packages: changes }, () => {
    if (changes.length === 0) return `${build.image.name}: ${than} has what the archive has; ${packages.length} packages`;
    return `${build.image.name}: the archive has other packages than ${than}: ${changesInWords(changes)}\n${changesTable(changes)}`;
  });
}

/** What the archive has now; for an image that starts from another only what it adds. */
async function packagesNow({ options, nothing }: Choice): Promise<readonly PinnedPackage[]> {
  return nothing ? [] : (await resolveImagePackages(options, false)).packages;
}

async function known(build: Build): Promise<{ packages: readonly LockedPackage[]; than: string }> {
  const { image } = build;
  const lock = await readLock(image.folder, image.name);
  if (lock !== undefined) return { packages: lock.packages, than: lockFileName };
  const built = await readArtifact(build.folder('install'));
  if (built !== undefined) return { packages: await ownPackages(build, built), than: 'the last build' };
  throw new Failure('not-found', `${image.name} has no lock and has not been built, so there is nothing to compare with`, {
    where: image.folder,
    hint: `Lock it with \`${lockCommand(image.name)}\`, or build it with \`nx run ${image.name}:install\`.`,
  });
}

/** The packages of a build that the image it starts from does not have in the same bytes. */
async function ownPackages({ parent }: Build, { config }: Artifact): Promise<readonly LockedPackage[]> {
  const { packages } = config as { readonly packages: readonly LockedPackage[] };
  if (parent === undefined) return packages;
  const below = new Set((await belowOf(parent)).packages.map(({ sha256 }) => sha256));
  return packages.filter(({ sha256 }) => !below.has(sha256));
}
