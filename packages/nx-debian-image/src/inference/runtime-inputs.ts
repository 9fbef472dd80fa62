import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program of this package's folder scripts, from both `src` and `dist`. */
const scriptPath = (name: string): string => fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url));

/**
 * The line for a runtime input of Nx that prints what decides an image and is not in the hash of its files: execute bits, links, ignored
 * files. It is asked at every run, so a changed mode counts although no file event tells the daemon of it. Paths are relative.
 */
export function unhashedCommand(workspaceRoot: string, projectRoot: string, sources: readonly string[]): string {
  const script = relative(workspaceRoot, scriptPath('unhashed.sh'));
  return ['sh', script, projectRoot, ...sources.map((source) => `./${source}`)].map(quote).join(' ');
}

/**
 * The line for a runtime input of upload: what the last one noted of the catalog while it still holds, and else something new each time. A
 * hit of Nx's cache then means that an upload with this very note has run before and found nothing to do.
 */
export function publishedCommand(workspaceRoot: string, projectName: string): string {
  return ['sh', relative(workspaceRoot, scriptPath('published.sh')), `dist/${projectName}/upload/published`].map(quote).join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
