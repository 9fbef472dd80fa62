import { readFile, writeFile } from 'node:fs/promises';

const begin = '<!-- measured: begin -->';
const end = '<!-- measured: end -->';

/** A page with what stands between its two marks replaced. A page without them is a bug of whoever wrote it. */
export function replaceMeasured(page: string, measured: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page has no ${begin} and ${end}`);
  return `${page.slice(0, from)}${begin}\n\n${measured}\n\n${page.slice(to)}`;
}

/** Writes what was measured into the page. */
export async function updatePage(path: string, measured: string): Promise<void> {
  await writeFile(path, replaceMeasured(await readFile(path, 'utf8'), measured));
}
