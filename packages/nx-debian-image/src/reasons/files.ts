import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The files below a folder that a fileset of Nx names, relative to it: a path, or one with `*`, `**`, `?` and `{a,b}`. Sorted; none where nothing is there. */
export function filesMatching(root: string, glob: string): string[] {
  const parts = glob.split('/');
  const fixed = parts.findIndex((part) => /[*?{]/.test(part));
  if (fixed === -1) return statSync(join(root, glob), { throwIfNoEntry: false })?.isFile() ? [glob] : [];
  const base = parts.slice(0, fixed).join('/');
  const pattern = patternOf(glob);
  const isFlat = fixed === parts.length - 1 && !glob.includes('**');
  return filesBelow(root, base, isFlat ? 1 : Number.POSITIVE_INFINITY)
    .filter((path) => pattern.test(path))
    .toSorted();
}

/** The sha256 of a file, or of the words `not readable` for one that cannot be read. */
export function hashOf(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return 'not readable';
  }
}

function patternOf(glob: string): RegExp {
  const source = glob.replaceAll(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[$+.()[\]{}^|\\]/g, (part) => {
    if (part.length > 2 && part.startsWith('{')) return `(?:${part.slice(1, -1).split(',').map(escaped).join('|')})`;
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : escaped(part);
  });
  return new RegExp(`^${source}$`);
}

function escaped(text: string): string {
  return text.replaceAll(/[$+.*?()[\]{}^|\\]/g, String.raw`\$&`);
}

function filesBelow(root: string, folder: string, levels: number): string[] {
  if (levels === 0) return [];
  const entries = statSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(join(root, folder), { withFileTypes: true })
    : [];
  return entries.flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === '.git' ? [] : filesBelow(root, path, levels - 1);
    return entry.isFile() ? [path] : [];
  });
}
