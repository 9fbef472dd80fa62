import { join } from 'node:path';
import { formatBytes } from '@nx-debian-image/report';
import { requirePorts } from '../../host/ports.ts';
import { machineArchitectureOf, prepareFirmware, requireDiskPrograms } from '../../machine/index.ts';
import { openBuild, type StageRequest } from '../open-build.ts';
import { attend } from './attend.ts';
import { prepareBare, prepareTriplet } from './disks.ts';
import { displayOf } from './display.ts';
import { readUserData } from './given-files.ts';
import { prepareLogin } from './login.ts';
import { readStartOptions, type StartOptions } from './options.ts';
import { planStart } from './plan.ts';
import { prepareSeeds } from './seeds.ts';

const otherPorts = 'Choose others by --forward and --ssh-port; `ss -ltnp` names what has them.';

/**
 * Starts an image in a machine of its own and stays until that ends, or is ended. What it writes is a copy that goes with it. `attended`: the
 * person at this process's terminal is at its console. Failures: those of the options, of `planStart`, `prepareFirmware` and `startMachine`;
 * `busy` where ports are taken.
 */
export async function startImage(request: StageRequest, attended: boolean): Promise<void> {
  const { workspaceRoot, environment, progress, signal } = request;
  const wish = readStartOptions(request.options as StartOptions);
  const { forwards } = wish;
  const { memory, processors } = wish.flavour;
  const display = displayOf(wish.display, environment);
  const userData = wish.userData === undefined ? undefined : await readUserData(workspaceRoot, wish.userData);
  const ports = forwards.map(({ host }) => host);
  await requirePorts(ports, otherPorts);
  if (wish.bare) await requireDiskPrograms(signal);
  const build = await openBuild(request);
  const { name, arch, release } = build.image;
  const architecture = machineArchitectureOf(arch);
  const extracted = await build.completeForOthers('extract');
  const { size, firmware: kind } = planStart(extracted, name, wish);
  const scratch = await build.store.scratch();
  const { folder } = scratch;
  try {
    const firmware = kind === undefined ? undefined : await prepareFirmware({ name: kind, architecture, release }, folder);
    const login = await prepareLogin(wish.key, { workspaceRoot, folder, signal });
    const { publicKey } = login;
    const parts = await (wish.bare ? prepareBare : prepareTriplet)(build, extracted, { size, publicKey, folder });
    const seeds = userData === undefined ? [] : await prepareSeeds(build, { folder, userData, publicKeys: [publicKey] });
    progress.step(`starting ${name} with ${formatBytes(memory)} of memory, processors: ${processors}; nothing of it stays`);
    const given = { architecture, release, memory, processors, firmware, forwards, display };
    const machine = {
      ...given,
      ...parts,
      disks: [...parts.disks, ...seeds],
      reboot: true,
      consoleLog: join(folder, 'console.log'),
      signal,
    };
    await attend(machine, { login, attended, progress });
  } finally {
    await scratch.dispose();
  }
}
