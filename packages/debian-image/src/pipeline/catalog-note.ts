import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What an upload notes of the catalog: a line with the time, and one of sha256sum(1) for the checksums of the image's latest version there.
 * Read inside Nx at each command too, so this module imports nothing of this package.
 */

/** The file of the note, from the image's folder in `dist`. */
export const noteFile = 'upload/published';

/** What a note says of a file of checksums as it is now. */
export async function sumLine(path: string): Promise<string> {
  return `${createHash('sha256')
    .update(await readFile(path))
    .digest('hex')}  ${path}\n`;
}

export function catalogNote(line: string, time: Date): string {
  return `# ${time.toISOString()}\n${line}`;
}

/** Whether a note says this. */
export function says(note: string, line: string): boolean {
  return note.endsWith(`\n${line}`);
}

/** The note of an image, by its folder in `dist`, while the catalog still has that; undefined where it has not, or where nothing is noted. */
export async function noteThatHolds(folder: string): Promise<string | undefined> {
  const note = await readFile(join(folder, noteFile), 'utf8').catch(() => '');
  const path = /^[0-9a-f]{64} {2}(.+)$/m.exec(note)?.[1];
  const line = path === undefined ? undefined : await sumLine(path).catch(() => undefined);
  return line !== undefined && says(note, line) ? note : undefined;
}

/** When it was published, as a note says it. */
export function publishedAt(note: string): string | undefined {
  return /^# (.*)/.exec(note)?.[1];
}
