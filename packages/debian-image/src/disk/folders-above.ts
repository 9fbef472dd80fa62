/** The folders that a relative path is in, the uppermost first: `a` and `a/b` of `a/b/c`. */
export function foldersAbove(path: string): string[] {
  return [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
}
