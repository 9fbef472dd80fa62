import { Failure } from '@nx-debian-image/report';
import { machineArchitectures } from './architectures.ts';
import type { Display, MachineParts } from './command.ts';
import type { Ending } from './spawn.ts';

/** How QEMU ended before it could be spoken with. */
export interface FailedStart {
  readonly ending: Pick<Ending, 'error'>;
  /** The last lines of its standard error. */
  readonly said: string;
  /** Its call. */
  readonly where: string;
  readonly cause?: unknown;
}

/** Why a machine did not start, and what to do: `missing-tool`, `busy`, `invalid`, or `command-failed` with QEMU's own words. Pure. */
export function notStarted(
  { ending, said, where, cause }: FailedStart,
  { architecture, display }: Pick<MachineParts, 'architecture' | 'display'>,
): Failure {
  const { program, package: name } = machineArchitectures[architecture];
  if (ending.error) return new Failure('missing-tool', 'setpriv cannot be started', { where, hint: 'Install the package util-linux.' });
  if (/^setpriv: failed to execute/m.test(said)) {
    return new Failure('missing-tool', `${program} cannot be started`, { where, said, hint: `Install the package ${name}.` });
  }
  if (/Could not set up host forwarding rule/.test(said)) {
    const hint = 'Every port of 127.0.0.1 that the system may pick is taken: end what holds them (`ss -ltn` names them).';
    return new Failure('busy', 'QEMU found no free port of 127.0.0.1 for ssh', { where, said, hint });
  }
  return windowFailure(said, where, display) ?? new Failure('command-failed', 'QEMU did not start', { where, said, cause });
}

/** QEMU without GTK and GTK without a desktop end alike, with other words (ui/console.c and ui/gtk.c of QEMU). */
function windowFailure(said: string, where: string, display: Display | undefined): Failure | undefined {
  if (display?.kind !== 'window') return undefined;
  if (/gtk initialization failed/.test(said)) {
    const desktop = Object.entries(display.environment)
      .filter(([variable]) => variable.endsWith('DISPLAY'))
      .map(([variable, value]) => `${variable}=${value}`);
    return new Failure('invalid', `no window can be opened on the desktop that ${desktop.join(' and ')} names`, {
      where,
      said,
      hint: 'Start it in a terminal of a desktop that you are logged in to, or use --display=vnc and a VNC client.',
    });
  }
  if (!/gtk/i.test(said)) return undefined;
  return new Failure('missing-tool', 'QEMU cannot open windows', {
    where,
    said,
    hint: 'Install the package qemu-system-gui, or use --display=vnc and a VNC client.',
  });
}
