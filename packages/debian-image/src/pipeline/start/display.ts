import { Failure } from '@nx-debian-image/report';
import type { Display } from '../../machine/index.ts';

/** What a program needs to open a window: where the desktop is and who may draw on it. */
const desktopVariables = ['DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'XDG_RUNTIME_DIR'];

/** The screen that is asked for. Failure `invalid` where there is no desktop to open a window on. */
export function displayOf(kind: Display['kind'] | undefined, environment: NodeJS.ProcessEnv): Display | undefined {
  if (kind !== 'window') return kind === undefined ? undefined : { kind };
  if (!environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) {
    throw new Failure('invalid', 'there is no desktop here to open a window on', {
      where: '--display=window',
      hint: 'Use --display=vnc and a VNC client.',
    });
  }
  const given = desktopVariables.flatMap((name) => (environment[name] ? [[name, environment[name]] as const] : []));
  return { kind, environment: Object.fromEntries(given) };
}
