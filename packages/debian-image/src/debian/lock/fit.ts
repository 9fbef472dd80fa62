import { isDeepStrictEqual } from 'node:util';
import { Failure } from '@nx-debian-image/report';
import { lockCommand } from './read.ts';
import { type LockRequest, lockFileName } from './schema.ts';

/** How image.json names what a lock was made for. */
const fieldNames = {
  release: 'release',
  from: 'from',
  arch: 'arch',
  components: 'install.components',
  pockets: 'install.pockets',
  recommends: 'install.recommends',
} as const;

export interface FitOptions {
  readonly locked: LockRequest;
  readonly wanted: LockRequest;
  /** The name of the image. */
  readonly image: string;
  /** The lock file. */
  readonly file: string;
  /** The field of image.json that brings a package. */
  readonly fieldOf: (name: string) => string;
}

/** Fails as `invalid` where a lock was made for something else than image.json says now, with each field, both values and the command that mends it. */
export function requireFit(options: FitOptions): void {
  const problems = differences(options);
  if (problems.length === 0) return;
  throw new Failure('invalid', `${lockFileName} does not fit image.json`, {
    where: options.file,
    said: problems.join('\n'),
    hint: `\`${lockCommand(options.image)}\` locks what image.json asks for now.`,
  });
}

function differences({ locked, wanted, fieldOf }: FitOptions): string[] {
  const fields = Object.entries(fieldNames).flatMap(([key, field]) => {
    const [before, now] = [locked[key as keyof typeof fieldNames], wanted[key as keyof typeof fieldNames]];
    return isDeepStrictEqual(before, now)
      ? []
      : [`${field}: image.json says ${JSON.stringify(now) ?? 'nothing'}, the lock ${JSON.stringify(before) ?? 'nothing'}`];
  });
  // another release or architecture has other names for the same packages
  if (locked.release !== wanted.release || locked.arch !== wanted.arch) return fields;
  const more = wanted.packages.filter((name) => !locked.packages.includes(name));
  const less = locked.packages.filter((name) => !wanted.packages.includes(name));
  return [
    ...fields,
    ...more.map((name) => `${fieldOf(name)}: image.json asks for "${name}", the lock does not`),
    ...less.map((name) => `${fieldOf(name)}: the lock asks for "${name}", image.json does not`),
  ];
}
