import { Failure } from '@nx-debian-image/report';
import { type FlavourWish, usualFlavour, withFlavourOption } from '../../image/index.ts';
import type { FirmwareName, Forward } from '../../machine/index.ts';

/** The options of the target, as its schema has them. */
export interface StartOptions {
  readonly bare?: boolean;
  readonly triplet?: boolean;
  readonly firmware?: FirmwareName;
  readonly flavour?: string;
  readonly key?: string;
  readonly sshPort?: number;
  readonly forward?: readonly string[];
  readonly userData?: string;
  readonly display?: 'window' | 'vnc';
}

/** What is asked for, checked as far as it can be without the image. */
export interface StartWish {
  readonly bare: boolean;
  readonly firmware: FirmwareName | undefined;
  readonly flavour: FlavourWish;
  /** The one for ssh first. */
  readonly forwards: readonly Forward[];
  /** Files, relative to the workspace. */
  readonly key: string | undefined;
  readonly userData: string | undefined;
  readonly display: 'window' | 'vnc' | undefined;
}

/** Reads the options. Failure `invalid` where they contradict each other or say what cannot be. */
export function readStartOptions(options: StartOptions): StartWish {
  const { bare = false, firmware, key, userData, display } = options;
  if (bare && options.triplet) throw new Failure('invalid', '--bare and --triplet exclude each other');
  if (firmware !== undefined && !bare) {
    throw new Failure('invalid', '--firmware is for the bare disk: the kernel of a triplet is started without', { hint: 'Add --bare.' });
  }
  const forwards = [{ host: options.sshPort ?? 0, guest: 22 }, ...(options.forward ?? []).map(parseForward)];
  const twice = forwards.find(({ host }, index) => host !== 0 && forwards.findIndex((other) => other.host === host) < index);
  if (twice) throw new Failure('invalid', `port ${twice.host} is to lead to two ports of the machine`, { where: '--forward, --ssh-port' });
  for (const { host, guest } of forwards) if (!isPort(host, 0) || !isPort(guest, 1)) throw wrongForward(`${host}:${guest}`);
  return { bare, firmware, flavour: withFlavourOption(usualFlavour, options.flavour), forwards, key, userData, display };
}

/** Reads `8080:80`: the port of this machine, then the port of the guest. */
function parseForward(text: string): Forward {
  const [, host, guest] = /^(\d{1,5}):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined) throw wrongForward(text);
  return { host: Number(host), guest: Number(guest) };
}

const isPort = (port: number, least: number): boolean => Number.isInteger(port) && port >= least && port <= 65_535;

function wrongForward(text: string): Failure {
  return new Failure('invalid', `${JSON.stringify(text)} forwards no port`, {
    where: '--forward, --ssh-port',
    hint: 'Write --forward=8080:80, the port of 127.0.0.1 first and that of the machine second.',
  });
}
