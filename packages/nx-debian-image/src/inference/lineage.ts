import type { Catalogue, Entry } from './catalogue.ts';

/** Which other files an image is made from, as far as they can be found. */
export interface Lineage {
  /** The image that it starts from. */
  readonly parent: Entry | undefined;
  /** Its profiles, each once, those that others are built upon first. */
  readonly profiles: readonly Entry[];
  /** The files of the images that it starts from, the nearest first: each an image with its profiles. */
  readonly ancestors: readonly Entry[];
  /** What is said nowhere else: from the image itself or the nearest that it starts from. */
  readonly release: string | undefined;
  readonly architecture: string;
  /** Why a name leads nowhere or in a circle, in one line. */
  readonly problem: string | undefined;
}

/** Follows the names that an image gives, as far as it goes; what is wrong is a problem here and an error of its stages. */
export function lineageOf(image: Entry, catalogue: Catalogue): Lineage {
  const chain = [image];
  let problem: string | undefined;
  for (;;) {
    const from = chain.at(-1)!.file.from;
    const next = from === undefined ? undefined : catalogue.named('image', from);
    if (from !== undefined && next === undefined) problem ??= `there is no image "${from}" to start from`;
    if (next === undefined) break;
    if (chain.includes(next)) {
      problem = `images start from one another: ${[...chain.slice(chain.indexOf(next)), next].map(({ name }) => name).join(' -> ')}`;
      break;
    }
    chain.push(next);
  }
  const inCircle = chain.at(-1)!.file.from === image.name;
  const own = profilesOf(image, catalogue);
  return {
    parent: inCircle ? undefined : chain[1],
    profiles: own.profiles,
    ancestors: chain.slice(1).flatMap((ancestor) => [ancestor, ...profilesOf(ancestor, catalogue).profiles]),
    release: chain.map(({ file }) => file.release).find((release) => release !== undefined),
    architecture: chain.map(({ file }) => file.architecture).find((architecture) => architecture !== undefined) ?? 'amd64',
    problem: problem ?? own.problem,
  };
}

/** The profiles that a file names, and those that they name. */
export function profilesOf(
  entry: Entry,
  catalogue: Catalogue,
): { readonly profiles: readonly Entry[]; readonly problem: string | undefined } {
  const found = new Set<Entry>();
  let problem: string | undefined;
  const collect = ({ file }: Entry, trail: readonly Entry[], left: ReadonlySet<string>): void => {
    const without = new Set([...left, ...file.withoutProfiles]);
    for (const name of file.profiles) {
      const profile = without.has(name) ? undefined : catalogue.named('profile', name);
      if (profile === undefined && !without.has(name)) problem ??= `there is no profile "${name}"`;
      if (profile === undefined || found.has(profile)) continue;
      if (trail.includes(profile)) {
        const names = [...trail.slice(trail.indexOf(profile)), profile].map((one) => one.name);
        problem ??= `profiles are built upon one another: ${names.join(' -> ')}`;
        continue;
      }
      collect(profile, [...trail, profile], without);
      found.add(profile);
    }
  };
  collect(entry, entry.kind === 'profile' ? [entry] : [], new Set());
  return { profiles: [...found], problem };
}
