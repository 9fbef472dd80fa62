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

/** Reads `--flavour`, such as `disk=10GiB,memory=2GiB,processors=1`, over the wish of image.json. Failure `invalid`. */
export function withFlavourOption(wish: FlavourWish, option: string | undefined): FlavourWish {
  if (option === undefined || option === '') return wish;
  const written = option.split(',').map((part) => part.trim().split('=') as [string, string?]);
  const fields = written.map(([name, value = '']) => [name, name === 'processors' ? Number(value) : value] as const);
  const parsed = flavourSchema.partial().safeParse(Object.fromEntries(fields));
  if (parsed.success) return { ...wish, ...only(parsed.data, new Set(fields.map(([name]) => name))) };
  throw new Failure('invalid', `${JSON.stringify(option)} is no flavour: ${parsed.error.issues[0]?.message ?? ''}`, {
    where: '--flavour',
    hint: 'Some of disk=10GiB,memory=2GiB,processors=1; what is left out stays as image.json says.',
  });
}

/** Without the defaults of what was not named. */
function only<Fields extends object>(fields: Fields, names: ReadonlySet<string>): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.has(name))) as Fields;
}
