import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What an upload noted of the catalog (`pipeline/published.ts`: a line with the time, one of sha256sum), while the catalog still has that;
 * undefined where it has not, or where nothing is noted.
 */
export async function publishedNote(workspaceRoot: string, projectName: string): Promise<string | undefined> {
  const note = await readFile(join(workspaceRoot, 'dist', projectName, 'upload/published'), 'utf8').catch(() => '');
  const [, digest, path] = /^([0-9a-f]{64}) {2}(.+)$/m.exec(note) ?? [];
  const content = path === undefined ? undefined : await readFile(path).catch(() => undefined);
  return content !== undefined && createHash('sha256').update(content).digest('hex') === digest ? note : undefined;
}
