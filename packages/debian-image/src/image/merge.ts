import { suggest } from '@nx-debian-image/report';
import type { Ancestor, Lineage } from './lineage.ts';
import type { Problem } from './problems.ts';
import { ownFields } from './stage-fields.ts';

/** Where something stands: a file, and the path in it, such as `users[0].shell`. */
interface Origin {
  readonly source: Ancestor;
  readonly path: string;
}

/** A value of JSON that knows where each of its parts stands. */
type Node =
  | { readonly kind: 'plain'; readonly value: unknown; readonly origin: Origin }
  | { readonly kind: 'list'; readonly items: readonly Node[]; readonly origin: Origin }
  | { readonly kind: 'map'; readonly fields: ReadonlyMap<string, Node>; readonly origin: Origin };

type Fields = ReadonlyMap<string, Node>;

/** Several files as one. */
export interface Merged {
  /** What they say together, as one of them would have to say it. */
  readonly written: Readonly<Record<string, unknown>>;
  /** Where something of it stands, or the nearest thing around it. */
  originOf(path: string): Origin;
  /** What `remove` of the last file names although nothing before says it. */
  readonly problems: readonly Problem[];
}

/**
 * Merges files, the first the weakest. Lists are appended and nothing stands in them twice, objects are merged, plain values replaced.
 * A user or command of verify is merged with the one of the same name; a file to the same target is replaced; of a service the last word counts. What a file
 * removes is taken from those before it, but not from an image that it starts from: what is in a tree stays there. Such an image also
 * gives nothing of what is outside its tree.
 */
export function mergeSources(sources: Lineage): Merged {
  const last = sources.at(-1)!;
  const problems: Problem[] = [];
  let merged: Fields = new Map();
  for (const source of sources) {
    const removal = removeFrom(merged, source);
    if (source === last) problems.push(...removal.problems);
    merged = mergeFields(removal.fields, fieldsOf(source, source.generation === last.generation), '');
  }
  const root: Node = { kind: 'map', fields: merged, origin: { source: last, path: '' } };
  return { written: plain(root) as Record<string, unknown>, originOf: (path) => find(root, path), problems };
}

function nodeOf(value: unknown, origin: Origin): Node {
  const below = (key: string): Origin => ({ ...origin, path: `${origin.path}${key}` });
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item, index) => nodeOf(item, below(`[${index}]`))), origin };
  if (typeof value !== 'object' || value === null) return { kind: 'plain', value, origin };
  return { kind: 'map', fields: new Map(Object.entries(value).map(([key, field]) => [key, nodeOf(field, below(`.${key}`))])), origin };
}

/** Never merged: what names other files. */
const naming: readonly string[] = ['$schema', 'from', 'profiles', 'remove'];

function fieldsOf(source: Ancestor, own: boolean): Fields {
  const left: readonly string[] = own ? naming : ownFields;
  const fields = Object.entries(source.written).filter(([key]) => !left.includes(key));
  return new Map(fields.map(([key, value]) => [key, nodeOf(value, { source, path: key })]));
}

function plain(node: Node): unknown {
  if (node.kind === 'plain') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries([...node.fields].map(([key, field]) => [key, plain(field)]));
}

function mergeFields(before: Fields, after: Fields, path: string): Fields {
  const merged = new Map(path === 'services' ? lastWord(before, after) : before);
  for (const [key, node] of after) {
    const old = merged.get(key);
    merged.set(key, old === undefined ? node : mergeNodes(old, node, path === '' ? key : `${path}.${key}`));
  }
  return merged;
}

function mergeNodes(before: Node, after: Node, path: string): Node {
  if (before.kind === 'list' && after.kind === 'list') return { ...after, items: mergeLists(before.items, after.items, path) };
  if (before.kind === 'map' && after.kind === 'map') return { ...after, fields: mergeFields(before.fields, after.fields, path) };
  return after;
}

function mergeLists(before: readonly Node[], after: readonly Node[], path: string): Node[] {
  const merged = new Map(before.map((node) => [identity(node, path), node]));
  for (const node of after) {
    const key = identity(node, path);
    const old = merged.get(key);
    // what is copied later has to come later, too
    if (path === 'files') merged.delete(key);
    merged.set(key, old === undefined || path === 'files' ? node : namedLists.has(path) ? mergeNodes(old, node, path) : old);
  }
  return [...merged.values()];
}

/** Lists whose items are merged with the one of the same name. */
const namedLists: ReadonlySet<string> = new Set(['users', 'verify.commands']);

/** What makes two items of a list the same one. */
function identity(node: Node, path: string): string {
  const value = plain(node) as Record<string, unknown> & string;
  if (namedLists.has(path)) return String(value['name']);
  if (path === 'files')
    return `${value['target']}${String(value['target']).endsWith('/') ? `\n${node.origin.source.folder}\n${value['source']}` : ''}`;
  if (path === 'scripts') return `${node.origin.source.folder}\n${value}`;
  return path === 'modules' ? value.replaceAll('-', '_') : JSON.stringify(value);
}

/** The lists of services without those that the next file decides otherwise. */
function lastWord(before: Fields, after: Fields): Fields {
  return new Map(
    [...before].map(([list, node]) => {
      const decided = new Set([...after].flatMap(([other, named]) => (other === list ? [] : itemsOf(named).map(plain))));
      return [list, filtered(node, (item) => !decided.has(plain(item)))];
    }),
  );
}

/** By what `remove` names the items of a list, other than by themselves. */
const namedBy: Readonly<Record<string, string>> = { users: 'name', files: 'target' };

interface Removal {
  readonly fields: Fields;
  readonly problems: readonly Problem[];
}

function removeFrom(fields: Fields, { written, generation }: Ancestor): Removal {
  const left = new Map(fields);
  const problems: Problem[] = [];
  const { profiles: _profiles, ...remove } = (written['remove'] ?? {}) as Readonly<Record<string, readonly string[]>>;
  for (const [field, names] of Object.entries(remove)) {
    const nameOf = (item: Node): string => nameIn(plain(item), field);
    const items = itemsOf(left.get(field));
    const own = items.filter(({ origin }) => origin.source.generation === generation).map(nameOf);
    for (const [index, name] of names.entries()) {
      if (own.includes(name)) continue;
      const inherited = items.some((item) => nameOf(item) === name);
      const why = inherited ? 'is in the tree that this image starts from, and stays there' : (suggest(name, own) ?? 'no profile names it');
      problems.push({ path: `remove.${field}[${index}]`, message: `${JSON.stringify(name)}: ${why}` });
    }
    const isMeant = (item: Node): boolean => item.origin.source.generation === generation && names.includes(nameOf(item));
    const old = left.get(field);
    if (old !== undefined)
      left.set(
        field,
        filtered(old, (item) => !isMeant(item)),
      );
  }
  return { fields: left, problems };
}

function nameIn(value: unknown, field: string): string {
  return typeof value === 'string' ? value : String((value as Record<string, unknown>)[namedBy[field] ?? '']);
}

/** The items of a list, or of all lists of an object. */
function itemsOf(node: Node | undefined): readonly Node[] {
  if (node?.kind === 'list') return node.items;
  return node?.kind === 'map' ? [...node.fields.values()].flatMap(itemsOf) : [];
}

function filtered(node: Node, stays: (item: Node) => boolean): Node {
  if (node.kind === 'list') return { ...node, items: node.items.filter(stays) };
  return node.kind === 'map' ? { ...node, fields: new Map([...node.fields].map(([key, list]) => [key, filtered(list, stays)])) } : node;
}

function find(root: Node, path: string): Origin {
  let node = root;
  let rest = '';
  for (const [part, key = '', index] of path.matchAll(/\.?([^.[\]]+)|\[(\d+)\]/g)) {
    const next: Node | undefined =
      node.kind === 'map' ? node.fields.get(key) : node.kind === 'list' ? node.items[Number(index)] : undefined;
    if (next === undefined || rest !== '') rest += part;
    else node = next;
  }
  const { source, path: place } = node.origin;
  return { source, path: `${place}${rest}`.replace(/^\./, '') };
}
