import { type Artifact, titleAnnotation } from '@nx-debian-image/artifact-store';
import { expect, it } from 'vitest';
import { planStart } from './plan.ts';

const gibibyte = 2 ** 30;

/** What extract left: a root file system of 1 GiB, and a bare disk for these where there are some. */
function extracted(...firmware: string[]): Pick<Artifact, 'config' | 'manifest'> {
  const layers = [{ mediaType: 'm', digest: 'sha256:0', size: gibibyte, annotations: { [titleAnnotation]: 'root.ext4' } }];
  const config = firmware.length === 0 ? {} : { bare: { virtualSize: 2 * gibibyte, firmware } };
  return { config, manifest: { layers } as unknown as Artifact['manifest'] };
}

const wish = (disk: number | undefined, bare = true, firmware?: 'bios' | 'uefi-secure') => ({
  bare,
  firmware,
  flavour: { disk, memory: gibibyte, processors: 1 },
});

it('chooses the size and what starts it', () => {
  expect(planStart(extracted(), 'web', wish(undefined, false))).toEqual({ size: 5 * gibibyte, firmware: undefined });
  expect(planStart(extracted('bios', 'uefi'), 'web', wish(undefined))).toEqual({ size: 6 * gibibyte, firmware: 'bios' });
  expect(planStart(extracted('uefi'), 'web', wish(2 * gibibyte))).toEqual({ size: 2 * gibibyte, firmware: 'uefi' });
  expect(planStart(extracted('bios', 'uefi'), 'web', wish(undefined, true, 'uefi-secure'))).toMatchObject({ firmware: 'uefi-secure' });
});

it.each([
  [
    'a triplet on too small a disk',
    extracted(),
    wish(gibibyte / 2, false),
    /a disk of 512 MiB is smaller than the image of 1 GiB/,
    /disk=1GiB/,
  ],
  ['a bare disk on too small a one', extracted('bios'), wish(gibibyte), /a disk of 1 GiB is smaller than the image of 2 GiB/, /disk=2GiB/],
  ['a bare disk that is not there', extracted(), wish(undefined), /web has no bare disk/, /"disk": \{ "bare": \["qcow2"\] \}/],
  [
    'a firmware that the disk is not for',
    extracted('uefi'),
    wish(undefined, true, 'bios'),
    /not start by bios, only by uefi/,
    /^Leave --firmware away\.$/,
  ],
  [
    'UEFI for a disk with an MBR',
    extracted('bios'),
    wish(undefined, true, 'uefi-secure'),
    /not start by uefi, only by bios/,
    /^Leave --firmware away\..*"table": "gpt"/,
  ],
])('refuses %s', (_, artifact, asked, message, hint) => {
  const start = () => planStart(artifact, 'web', asked);
  expect(start).toThrow(message);
  expect(start).toThrow(expect.objectContaining({ reason: 'invalid', hint: expect.stringMatching(hint) as string }));
});
