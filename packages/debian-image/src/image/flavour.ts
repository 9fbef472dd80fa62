import { Failure } from '@nx-debian-image/report';
import { type FlavourWish, flavourSchema } from './schema-flavour.ts';

/** What an instance gets: bytes of memory and disk, and processors. */
export interface Flavour {
  readonly memory: number;
  readonly processors: number;
  readonly disk: number;
}

const gibibyte = 2 ** 30;
/** The smallest flavour of most clouds; it also leaves room to see that the root file system has grown. */
const smallestDisk = 3 * gibibyte;

/** The flavour that image.json wishes, on a disk for an image of some bytes where it names none. Failure `invalid` where the image does not fit. */
export function flavourFor(wish: FlavourWish, imageBytes: number): Flavour {
  const disk = wish.disk ?? Math.max(smallestDisk, Math.ceil(imageBytes / gibibyte + 1) * gibibyte);
  if (disk >= imageBytes) return { ...wish, disk };
  throw new Failure('invalid', `a flavour with a disk of ${disk} bytes is smaller than the image of ${imageBytes} bytes`, {
    where: 'verify.flavour.disk of image.json, or --flavour',
    hint: `Give it ${Math.ceil(imageBytes / gibibyte)}GiB at least, or leave it out.`,
  });
}

/** What a machine gets where nothing is said of it. */
export const usualFlavour: FlavourWish = flavourSchema.parse({});

/** Reads `--flavour`, such as `disk=10GiB,memory=2GiB,processors=1`, over another wish, of which stays what it leaves out. Failure `invalid`. */
export function withFlavourOption(wish: FlavourWish, option = ''): FlavourWish {
  return option
    .split(',')
    .filter((part) => part !== '')
    .reduce((flavour, part) => ({ ...flavour, ...readPart(part) }), wish);
}

function readPart(part: string): Partial<FlavourWish> {
  const [, name = '', value = ''] = /^(\w+)=(.+)$/.exec(part) ?? [];
  const parsed = flavourSchema.safeParse({ [name]: name === 'processors' ? Number(value) : value });
  const read = parsed.success ? parsed.data[name as keyof FlavourWish] : undefined;
  if (read) return { [name]: read };
  throw new Failure('invalid', `${JSON.stringify(part)} is no part of a flavour`, {
    where: '--flavour',
    hint: 'Write --flavour=disk=10GiB,memory=2GiB,processors=2; each may be left out, and memory is 64MiB or more.',
  });
}
