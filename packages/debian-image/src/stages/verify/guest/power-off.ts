import { setTimeout as sleep } from 'node:timers/promises';
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
  const late = sleep(limitSeconds * 1000, 'late', { ref: false });
  if ((await Promise.race([machine.ended, late])) === 'late') {
    throw new Failure('timeout', `the guest did not power off within ${limitSeconds} s`);
  }
  return took((Date.now() - begin) / 1000, 'by command in ');
}
