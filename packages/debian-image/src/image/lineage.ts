import { Failure, suggest } from '@nx-debian-image/report';
import { invalid, readSource, type Source, type SourceKind } from './source.ts';

/** The folders, absolute, of the images and profiles that an image may name, by their names. */
export type Neighbours = Readonly<Record<SourceKind, ReadonlyMap<string, string>>>;

/** A file with how many images it is away from the first of a chain of `from`. */
export interface Ancestor extends Source {
  readonly generation: number;
}

/** What an image is read from: the files of the image that it starts from, then its profiles, each once and after those that it names, then its own. */
export type Lineage = readonly [Ancestor, ...Ancestor[]];

/** Reads all files that an image consists of. Failures: those of `readSource`; `invalid` for an unknown name or a cycle. */
export function readLineage(folder: string, neighbours: Neighbours): Promise<Lineage> {
  return follow(folder, neighbours, []);
}

async function follow(folder: string, neighbours: Neighbours, trail: readonly Source[]): Promise<Lineage> {
  const image = await readSource('image', folder);
  refuseCycle('images start', image, trail);
  const { from } = image.written as Names;
  const before = from === undefined ? [] : await follow(find('image', from, 'from', image, neighbours), neighbours, [...trail, image]);
  const generation = from === undefined ? 0 : before.at(-1)!.generation + 1;
  const profiles = new Map<string, Source>();
  await collect(image, neighbours, { trail: [], left: new Set(), found: profiles });
  const own = [...profiles.values(), image].map((source) => ({ ...source, generation }));
  return [...before, ...own] as unknown as Lineage;
}

interface Names {
  readonly from?: string;
  readonly profiles?: readonly string[];
  readonly remove?: { readonly profiles?: readonly string[] };
}

interface Collecting {
  /** The profiles that led here. */
  readonly trail: readonly Source[];
  /** Those that a file on the way leaves out. */
  readonly left: ReadonlySet<string>;
  /** By folder, in order. */
  readonly found: Map<string, Source>;
}

/** Depth first: what a profile is built upon comes before it. */
async function collect(source: Source, neighbours: Neighbours, { trail, left, found }: Collecting): Promise<void> {
  const { profiles = [], remove } = source.written as Names;
  const without = new Set([...left, ...(remove?.profiles ?? [])]);
  for (const [index, name] of profiles.entries()) {
    if (without.has(name)) continue;
    const folder = find('profile', name, `profiles[${index}]`, source, neighbours);
    const profile = await readSource('profile', folder);
    refuseCycle('profiles are built', profile, trail);
    if (found.has(folder)) continue;
    await collect(profile, neighbours, { trail: [...trail, profile], left: without, found });
    found.set(folder, profile);
  }
}

function find(kind: SourceKind, name: string, path: string, source: Source, neighbours: Neighbours): string {
  const folder = neighbours[kind].get(name);
  if (folder !== undefined) return folder;
  const near = suggest(name, neighbours[kind].keys()) ?? `known: ${[...neighbours[kind].keys()].toSorted().join(', ') || 'none'}`;
  throw invalid(source, [{ path, message: `there is no ${kind} ${JSON.stringify(name)}; ${near}` }]);
}

function refuseCycle(what: string, source: Source, trail: readonly Source[]): void {
  const begin = trail.findIndex(({ folder }) => folder === source.folder);
  if (begin === -1) return;
  const names = [...trail.slice(begin), source].map(({ name }) => name);
  throw new Failure('invalid', `${what} from one another: ${names.join(' -> ')}`.replace('built from', 'built upon'), {
    where: source.file,
    hint: 'Take one of these names out.',
  });
}
