import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Artifact } from '@nx-debian-image/artifact-store';
import { Failure, formatBytes } from '@nx-debian-image/report';
import { requirePorts } from '../../host/ports.ts';
import {
  type Firmware,
  type FirmwareName,
  type MachineArchitectureName,
  machineArchitectureOf,
  makeKeyPair,
  prepareFirmware,
} from '../../machine/index.ts';
import type { Build } from '../build.ts';
import { openBuild, type StageRequest } from '../open-build.ts';
import { attend, type Login } from './attend.ts';
import { bareFactsOf, type DiskWish, prepareBare, prepareSeeds, prepareTriplet, type StartParts } from './disks.ts';
import { displayOf } from './display.ts';
import { readPublicKey, readUserData } from './given-files.ts';
import { readStartOptions, type StartOptions, type StartWish } from './options.ts';

/**
 * Starts an image in a machine of its own and stays until that ends, or is ended. What it writes is a copy that goes with it. `attended`: the
 * person at this process's terminal is at its console. Failures: those of the options, of `prepareFirmware` and `startMachine`; `busy` where
 * ports are taken.
 */
export async function startImage(request: StageRequest, attended: boolean): Promise<void> {
  const { workspaceRoot, environment, signal } = request;
  const wish = readStartOptions(request.options as StartOptions);
  const display = displayOf(wish.display, environment);
  const userData = wish.cloudInit === undefined ? undefined : await readUserData(workspaceRoot, wish.cloudInit);
  const givenKey = wish.key === undefined ? undefined : await readPublicKey(workspaceRoot, wish.key);
  const hint = 'Choose others by --forward and --ssh-port; `ss -ltnp` names what has them.';
  await requirePorts(
    wish.forwards.map(({ host }) => host),
    hint,
  );
  const build = await openBuild(request);
  const architecture = machineArchitectureOf(build.image.arch);
  const extracted = await build.completeForOthers('extract');
  const scratch = await build.store.scratch();
  try {
    const login: Login =
      givenKey === undefined
        ? await makeKeyPair(scratch.folder, signal)
        : { publicKey: givenKey, privateKey: besidePublic(resolve(workspaceRoot, wish.key!)) };
    const disks = { size: wish.flavour.disk, publicKey: login.publicKey, scratch: scratch.folder };
    const parts = await prepare(build, extracted, wish, disks, architecture);
    if (userData !== undefined) await warnOfNoCloudInit(build);
    const seed = { instance: randomUUID(), hostname: build.image.hostname, publicKeys: [login.publicKey] };
    const seeds = userData === undefined ? [] : await prepareSeeds({ ...seed, userData }, scratch.folder);
    const { memory, processors } = wish.flavour;
    build.progress.step(
      `starting ${build.image.name} with ${formatBytes(memory)} of memory, processors: ${processors}; nothing of it stays`,
    );
    const machine = {
      ...parts,
      disks: [...parts.disks, ...seeds],
      architecture,
      release: build.image.release,
      memory,
      processors,
      forwards: wish.forwards,
      display,
      reboot: true,
      consoleLog: join(scratch.folder, 'console.log'),
      signal,
    };
    await attend(machine, { login, attended, progress: build.progress });
  } finally {
    await scratch.dispose();
  }
}

async function prepare(
  build: Build,
  extracted: Artifact,
  { bare, firmware }: StartWish,
  disks: DiskWish,
  architecture: MachineArchitectureName,
): Promise<StartParts & { readonly firmware?: Firmware | undefined }> {
  if (!bare) return prepareTriplet(build, extracted, disks);
  const { name: image, release } = build.image;
  const facts = bareFactsOf(extracted, image);
  const name: FirmwareName = firmware ?? (facts.firmware.includes('bios') ? 'bios' : 'uefi');
  if (!facts.firmware.includes(name === 'bios' ? 'bios' : 'uefi')) {
    throw new Failure('invalid', `the bare disk of ${image} is not for ${name}, only for ${facts.firmware.join(' and ')}`, {
      where: '--firmware',
    });
  }
  const prepared = await prepareFirmware({ name, architecture, release }, disks.scratch);
  return { ...(await prepareBare(build, extracted, facts, disks)), firmware: prepared };
}

/** The private key beside a public one, where it is there; else ssh asks its agent. */
function besidePublic(path: string): string | undefined {
  const privateKey = path.replace(/\.pub$/, '');
  return privateKey !== path && existsSync(privateKey) ? privateKey : undefined;
}

/** Says so where nothing in the image will read user data. */
async function warnOfNoCloudInit(build: Build): Promise<void> {
  for (let from: Build | undefined = build; from !== undefined; from = from.parent) {
    const { packages } = (await from.artifact('install')).config as { readonly packages: readonly { readonly name: string }[] };
    if (packages.some(({ name }) => name === 'cloud-init')) return;
  }
  build.progress.warn(`${build.image.name} has no package cloud-init, so nothing in it reads the user data`);
}
