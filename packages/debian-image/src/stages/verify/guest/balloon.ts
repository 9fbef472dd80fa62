import type { Machine, Qmp } from '../../../machine/index.ts';
import type { Finding } from '../check.ts';
import { rootPath } from './ask.ts';

const mebibyte = 2 ** 20;
/** The part of its memory that a guest is asked for, and the part by which it must then have less for that to count. */
const asked = 1 / 8;
const counted = 1 / 16;

/** Prints the kibibytes of memory that a guest has. */
export const memoryLine = "sed -n 's/^MemTotal: *\\([0-9]*\\) .*/\\1/p' /proc/meminfo";

/** Waits until they are at most `kibibytes`, half a minute long, and prints them. Pure. */
function waitFor(kibibytes: number): string {
  return `${rootPath}
n=0
while now=$(${memoryLine}) && [ "$now" -gt ${kibibytes} ] && [ $n -lt 30 ]; do n=$((n+1)); sleep 1; done
echo "$now"`;
}

/** As much of a machine as is needed for that. */
interface Pressed extends Pick<Machine, 'ssh'> {
  readonly qmp: Pick<Qmp, 'balloon'>;
}

/** Asks a guest for some of its memory and gives it back. `bytes`: what its machine has; `before`: the kibibytes that it said it has. */
export async function pressBalloon(
  machine: Pressed,
  { bytes, before, limitSeconds }: { readonly bytes: number; readonly before: number; readonly limitSeconds: number },
): Promise<Finding> {
  await machine.qmp.balloon(Math.round((bytes * (1 - asked)) / mebibyte) * mebibyte);
  try {
    const most = Math.round(before - (bytes * counted) / 1024);
    const after = Number((await machine.ssh(waitFor(most), limitSeconds)).stdout);
    const value = `${Math.round(before / 1024)} MiB became ${Math.round(after / 1024)} MiB`;
    if (after <= most) return { ok: true, value };
    return { ok: false, value, hint: 'The guest must load virtio_balloon ("modules" of image.json names it).' };
  } finally {
    await machine.qmp.balloon(bytes).catch(() => {});
  }
}
