import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program that prints what Nx's hash of an image's files leaves out, from both `src` and `dist`. */
const unhashedScript = fileURLToPath(new URL('../../scripts/unhashed.sh', import.meta.url));

/**
 * The line for a runtime input of Nx that prints what decides an image and is not in the hash of its files: execute bits, links, ignored
 * files. It is asked at every run, so a changed mode counts although no file event tells the daemon of it. Paths are relative.
 */
export function unhashedCommand(workspaceRoot: string, projectRoot: string, sources: readonly string[]): string {
  const script = relative(workspaceRoot, unhashedScript);
  return ['sh', script, projectRoot, ...sources.map((source) => `./${source}`)].map(quote).join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
