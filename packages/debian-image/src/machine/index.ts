export { type Accelerator, chooseAccelerator, judgeAccelerator, type HostFacts } from './accelerator.ts';
export { type MachineArchitectureName, machineArchitectureOf, machineArchitectures, machineType } from './architectures.ts';
export { runInstaller } from './installer/install.ts';
export {
  commandLineFor,
  type Display,
  type Forward,
  hotplugBus,
  machineCommand,
  type MachineDisk,
  type MachineParts,
  novaCommandLine,
} from './command.ts';
export { ConsoleReader, type ConsoleState } from './console.ts';
export { type Firmware, type FirmwareName, prepareFirmware } from './firmware.ts';
export type { Machine, MachineOptions } from './guest.ts';
export { startMachine } from './machine.ts';
export { addKey, hostFileSystemTools, listInside, prepareRoot, readInside, type RootPreparation } from './prepare.ts';
export { Qmp } from './qmp.ts';
export { configDrive, noCloudSeed, type Seed } from './seed.ts';
export { type KeyPair, loginCommand, makeKeyPair, sshCommand } from './ssh.ts';
export { seenByGuest } from './user-network.ts';
