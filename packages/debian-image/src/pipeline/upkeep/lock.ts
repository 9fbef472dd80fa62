import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Failure } from '@nx-debian-image/report';
import { packageChanges } from '../../debian/lock/changes.ts';
import { readLock } from '../../debian/lock/read.ts';
import { type Lock, lockFileName, type UnsealedLock } from '../../debian/lock/schema.ts';
import { writeLock } from '../../debian/lock/write.ts';
import { resolveBootLoader, resolveBootLoaderTools } from '../../debian/tools/boot-loader.ts';
import { fetchTools, lockedTools } from '../../debian/tools/locked.ts';
import { resolveTools } from '../../debian/tools/resolve.ts';
import { digestOfPackages } from '../../stages/install/below.ts';
import { type ChooseOptions, type FetchedPackages, fetchImagePackages } from '../../stages/install/choose.ts';
import { lockRequest } from '../../stages/install/request.ts';
import { openBuild, type StageRequest } from '../open-build.ts';
import { requireBootstrap } from '../require-bootstrap.ts';
import { changesInWords, changesTable } from './changes-table.ts';
import { type Choice, choiceFor } from './choice.ts';

interface LockOptions {
  /** Chooses the packages of the tools anew too, which stay as they are otherwise. */
  readonly tools?: boolean;
}

/** The machines that images are built on; a lock made on one of them works on the others. */
const buildArchitectures = ['amd64', 'arm64'];

/**
 * Locks what the archive has today for an image, and brings it into the store, so that it can be built without a network. A lock that has
 * the same packages already is left as it is, bytes and times, so that only images whose packages changed differ; one that cannot be read
 * is written anew.
 */
export async function lockImage(request: StageRequest): Promise<void> {
  const build = await openBuild(request);
  const { image, progress } = build;
  requireBootstrap(image, 'lock');
  const choice = await choiceFor(build);
  const { options } = choice;
  const before = await readOld(build);
  const { packages, suites, epoch, below } = await choosePart(choice);
  const tools = below === undefined ? await chooseTools(request.options as LockOptions, before, options) : {};
  const bootLoader = image.disk.bare.length > 0 ? await chooseBootLoader(request.options as LockOptions, before, options) : undefined;
  const lock: UnsealedLock = {
    version: 1,
    request: lockRequest(image),
    suites: [...suites],
    epoch,
    packages: [...packages] as Lock['packages'],
    ...(below === undefined ? {} : { below }),
    tools,
    ...(bootLoader === undefined ? {} : { bootLoader }),
  };
  const changes = packageChanges(before?.packages ?? [], packages);
  if (before !== undefined && changes.length === 0 && isDeepStrictEqual(constant(before), constant(lock))) {
    progress.note(`${image.name}: nothing changed; ${packages.length} packages stay locked`);
    return;
  }
  await writeLock(image.folder, lock);
  if (before === undefined) progress.note(`${image.name}: locked ${packages.length} packages in ${lockFileName}`);
  else if (changes.length === 0) progress.note(`${image.name}: the same packages, locked for what image.json asks for now`);
  else progress.step(`${image.name}: locked anew; changed: ${changesInWords(changes)}\n${changesTable(changes)}`);
}

/** What of a lock must be the same, beside the packages, for it to stay as it is. */
function constant({ request, below, tools, bootLoader }: UnsealedLock): unknown[] {
  return [request, below, tools, bootLoader];
}

/** What the archive has for an image; for one that starts from another for what it adds, with the digest of what that one has. */
async function choosePart({ options, below, nothing }: Choice): Promise<Omit<FetchedPackages, 'unpacked'> & { readonly below?: string }> {
  const digest = below === undefined ? {} : { below: digestOfPackages(below.packages) };
  if (below !== undefined && nothing) return { packages: [], suites: [], epoch: below.epoch, ...digest };
  return { ...(await fetchImagePackages(options)), ...digest };
}

async function readOld({ image, progress }: Pick<ChooseOptions, 'image' | 'progress'>): Promise<Lock | undefined> {
  try {
    return await readLock(image.folder, image.name);
  } catch (error) {
    if (!(error instanceof Failure) || error.reason !== 'invalid') throw error;
    progress.warn(`${error.message}; it is written anew`);
    return undefined;
  }
}

/** The tools for each kind of build machine: those that were locked, and what is missing of them; this machine's are brought into the store. */
async function chooseTools(wish: LockOptions, before: Lock | undefined, options: ChooseOptions): Promise<Lock['tools']> {
  const tools = await forMachines(wish, before?.tools, options, resolveTools);
  await fetchTools(lockedTools({ tools }, options.hostArchitecture, placeOf(options)), options);
  return tools;
}

/** The same of the boot loader of a disk and the programs that put it there. */
async function chooseBootLoader(wish: LockOptions, before: Lock | undefined, options: ChooseOptions): Promise<Lock['bootLoader']> {
  const known = wish.tools === true ? undefined : before?.bootLoader;
  const { image, hostArchitecture: host } = options;
  const fresh = { ...options, architecture: host, anew: wish.tools === true };
  const files = known?.files ?? [...(await resolveBootLoader(image.arch, fresh))];
  const tools = await forMachines(wish, known?.tools, options, resolveBootLoaderTools);
  await fetchTools([...lockedTools({ tools }, host, placeOf(options)), ...files], options);
  return { tools, files } as Lock['bootLoader'];
}

async function forMachines(
  { tools: anew = false }: LockOptions,
  before: Lock['tools'] = {},
  options: ChooseOptions,
  resolve: typeof resolveTools,
): Promise<Lock['tools']> {
  const known = anew ? {} : before;
  const architectures = [...new Set([...buildArchitectures, options.hostArchitecture, ...Object.keys(known)])].toSorted();
  const tools: [string, unknown][] = [];
  for (const architecture of architectures) {
    const locked = Object.entries(known).find(([name]) => name === architecture)?.[1];
    tools.push([architecture, locked ?? (await resolve({ ...options, architecture, anew }))]);
  }
  return Object.fromEntries(tools) as Lock['tools'];
}

function placeOf({ image }: ChooseOptions): { image: string; file: string } {
  return { image: image.name, file: join(image.folder, lockFileName) };
}
