import { Failure } from '@nx-debian-image/report';
import type { ConsoleReader, ConsoleState } from './console.ts';

/** What is seen of a boot at one moment; times in seconds. */
export interface BootSight {
  readonly state: ConsoleState;
  readonly lastLines: ConsoleReader['lastLines'];
  readonly clue: ConsoleReader['clue'];
  readonly waited: number;
  /** Since the console last said something. */
  readonly silent: number;
  readonly ended: boolean;
}

export interface BootLimits {
  readonly seconds: number;
  readonly silence: number;
}

const broken: Partial<Record<ConsoleState, readonly [message: string, hint: string]>> = {
  panic: ['its kernel panicked', 'Are kernel and ramdisk of one version, and is the root file system on /dev/vda?'],
  initramfs: [
    'it stopped in the shell of its initramfs',
    'The root file system was not found or not mounted: look at root= and the modules of the ramdisk.',
  ],
  emergency: ['it stopped in emergency mode', 'Most often /etc/fstab names a disk that is not there.'],
  'reboot-loop': ['it starts again and again', 'The lines before its last start say why.'],
};

/** What to do where the root file system was not found, by what is said of it; undefined where nothing is. */
function aboutRoot(clue: string): string | undefined {
  const [, device] = /(?:ALERT! +|Warning: |root device ")(\S+?)(?:"| does not exist)/.exec(clue) ?? [];
  if (device === undefined) return undefined;
  if (!/^(?:\/dev\/)?[hsv]d[a-z]+\d*$/.test(device))
    return `Is ${device} what the root file system is called? The kernel's command line asks for it.`;
  if (!/^(?:\/dev\/)?vda\d*$/.test(device)) {
    return `The kernel's command line says root=${device}, and the disk of an instance is /dev/vda: correct it, or leave it to the cloud.`;
  }
  return 'The kernel did not see the disk: it needs virtio_blk and virtio_pci, built in or in the ramdisk ("modules" of image.json puts them there).';
}

/**
 * Whether a boot has come to its login prompt: true, false (wait on), or the Failure that it has become: `command-failed` for a
 * guest that cannot go on, `timeout` for one that is silent or slow.
 */
export function judgeBoot(sight: BootSight, limits: BootLimits): boolean | Failure {
  if (sight.state === 'login') return true;
  const said = sight.lastLines.join('\n');
  const words = broken[sight.state];
  if (words) {
    const what = sight.clue === '' ? words[0] : `${words[0]} (${sight.clue})`;
    return new Failure('command-failed', `the guest did not boot: ${what}`, { said, hint: aboutRoot(sight.clue) ?? words[1] });
  }
  if (sight.ended) return new Failure('command-failed', 'the guest did not boot: it ended before its login prompt', { said });
  if (sight.silent >= limits.silence) {
    return new Failure('timeout', `the guest did not boot: its console was silent for ${Math.round(sight.silent)} s`, {
      said,
      // Nova's command line has hvc0 last, so /dev/console, to which an initramfs speaks, is not the serial port.
      hint: 'Something may wait on another console; start it with console=ttyS0 as the last one to see.',
    });
  }
  if (sight.waited >= limits.seconds) return new Failure('timeout', `the guest did not boot within ${limits.seconds} s`, { said });
  return false;
}
