import { z } from 'zod';
import { architectures, releaseNames } from '../names.ts';

/** The name of the file beside image.json. */
export const lockFileName = 'image.lock.json';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in 64 hexadecimal digits');
const text = z.string('text in double quotes');
const name = text.min(1, 'text, not empty');
const architecture = z.enum([...architectures, 'all']);

// Debian Policy 5.6.1 and 5.6.12; what is read here becomes part of addresses and file names
const packageName = text.regex(/^[a-z0-9][a-z0-9+.-]+$/, 'the name of a package');
const packageVersion = text.regex(/^[0-9A-Za-z.+~:-]+$/, 'the version of a package');
const word = text.regex(/^[\w./+-]*$/, 'a word');

const lockedPackageSchema = z.strictObject({
  name: packageName,
  version: packageVersion,
  architecture,
  sha256,
  /** In bytes. */
  size: z.int().positive(),
  /** Below the address of a mirror, which a lock never names. */
  path: text.regex(/^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[\w./+~:%-]+$/, 'a path below a mirror such as "pool/main/b/bash/bash_5.2_amd64.deb"'),
});

const pinnedPackageSchema = lockedPackageSchema.extend({
  archive: z.enum(['main', 'security']),
  priority: word,
  section: word,
});

/** What a lock was made for: the words of image.json that decide which packages there are. */
const requestSchema = z.strictObject({
  release: z.enum(releaseNames),
  /** The image that it starts from. */
  from: name.optional(),
  arch: z.enum(architectures),
  components: z.array(name).min(1),
  pockets: z.array(name),
  recommends: z.boolean(),
  /** The packages asked for, sorted: those of image.json and those that its other fields bring. */
  packages: z.array(packageName).min(1),
});

/** image.lock.json: exactly which packages an image is made of. The one source of its types and checks. */
export const lockSchema = z.strictObject({
  /** The version of this format. */
  version: z.literal(1),
  request: requestSchema,
  /** The suites as they were when the packages were chosen. */
  suites: z.array(z.strictObject({ suite: name, date: z.iso.datetime(), sha256 })),
  /** Seconds since 1970: the time of the youngest package. */
  epoch: z.int().nonnegative(),
  /** Of an image that starts from another only those that it adds. */
  packages: z.array(pinnedPackageSchema),
  /** Of an image that starts from another the digest of that one's packages; without them these do not fit. */
  below: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, 'a digest such as "sha256:…"')
    .optional(),
  /** The packages that the tools of a build come from, by the architecture of the machine that builds. */
  tools: z.partialRecord(z.enum(architectures), z.array(lockedPackageSchema).min(1)),
  /** Of an image that boots by itself: the packages of the programs that put its boot loader there, as `tools`, and those of the boot loader. */
  bootLoader: z
    .strictObject({
      tools: z.partialRecord(z.enum(architectures), z.array(lockedPackageSchema).min(1)),
      files: z.array(lockedPackageSchema).min(1),
    })
    .optional(),
  /** The sha256 over all the rest, so that a lock edited or merged by hand is found out. */
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'a digest such as "sha256:…"'),
});

export type Lock = z.output<typeof lockSchema>;

export type LockRequest = Lock['request'];

/** A lock before it is sealed with its digest. */
export type UnsealedLock = Omit<Lock, 'digest'>;
