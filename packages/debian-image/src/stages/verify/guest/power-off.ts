import { Failure } from '@nx-debian-image/report';
import type { Machine } from '../../../machine/index.ts';
import { type Finding, took } from '../check.ts';

/** Presses the power button; or, where `button` is false, has `poweroff` run in the guest. */
export async function powerOff(machine: Machine, { button, limitSeconds }: { readonly button: boolean; readonly limitSeconds: number }) {
  return button ? took(await machine.powerOff(limitSeconds)) : byCommand(machine, limitSeconds);
}

async function byCommand(machine: Machine, limitSeconds: number): Promise<Finding> {
  const begin = Date.now();
  // ssh breaks off as the guest goes, so its own status says nothing
  await machine.ssh('poweroff', limitSeconds).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.reason !== 'unreachable') throw error;
  });
  await machine.untilOff(limitSeconds);
  return took((Date.now() - begin) / 1000, 'by command in ');
}
