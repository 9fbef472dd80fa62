import { type Artifact, blobNamed } from '@nx-debian-image/artifact-store';
import { Failure, formatBytes } from '@nx-debian-image/report';
import type { FirmwareName } from '../../machine/index.ts';
import type { BareFacts, ExtractConfig } from '../../stages/extract/facts.ts';
import type { StartWish } from './options.ts';

/** What of an image is started. */
export interface StartPlan {
  /** The bytes of the machine's disk. */
  readonly size: number;
  /** What starts the bare disk; undefined: the triplet is started. */
  readonly firmware: FirmwareName | undefined;
}

/** Free space of a disk whose size nobody says. */
const usualRoom = 4 * 2 ** 30;

/** Chooses among what extract left of an image. Failure `invalid` where it has no bare disk, none for this firmware, or does not fit the flavour. */
export function planStart(
  extracted: Pick<Artifact, 'config' | 'manifest'>,
  image: string,
  { bare, firmware, flavour }: Pick<StartWish, 'bare' | 'firmware' | 'flavour'>,
): StartPlan {
  if (!bare) return { size: sizeOf(flavour.disk, blobNamed(extracted, 'root.ext4').size), firmware: undefined };
  const facts = bareFactsOf(extracted, image);
  const name = firmware ?? (facts.firmware.includes('bios') ? 'bios' : 'uefi');
  const kind = name === 'bios' ? 'bios' : 'uefi';
  if (!facts.firmware.includes(kind)) {
    const message = `the bare disk of ${image} does not start by ${kind}, only by ${facts.firmware.join(' and ')}`;
    const more = kind === 'uefi' ? ' UEFI starts disks of amd64 and arm64 with "table": "gpt".' : '';
    throw new Failure('invalid', message, { where: '--firmware', hint: `Leave --firmware away.${more}` });
  }
  return { size: sizeOf(flavour.disk, facts.virtualSize), firmware: name };
}

function bareFactsOf({ config }: Pick<Artifact, 'config'>, image: string): BareFacts {
  const { bare } = config as ExtractConfig;
  if (bare !== undefined) return bare;
  throw new Failure('invalid', `${image} has no bare disk`, {
    where: 'image.json: disk.bare',
    hint: 'Write "disk": { "bare": ["qcow2"] } into image.json, or leave --bare away.',
  });
}

function sizeOf(wish: number | undefined, image: number): number {
  if (wish === undefined) return Math.ceil((image + usualRoom) / 2 ** 30) * 2 ** 30;
  if (wish >= image) return wish;
  throw new Failure('invalid', `a disk of ${formatBytes(wish)} is smaller than the image of ${formatBytes(image)}`, {
    where: '--flavour',
    hint: `Give it more, such as --flavour=disk=${Math.ceil(image / 2 ** 30)}GiB.`,
  });
}
