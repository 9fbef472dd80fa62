import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Receipt, UploadOptions } from '../stages/upload/request.ts';
import { catalogNote, says, sumLine } from './catalog-note.ts';

/**
 * Notes in a file that the catalog has an image as its latest. Where it is noted already the file stays as it is. Anything but a plain
 * publication in the catalog removes it, for only of that can a later run see without asking anybody that there is nothing to do. So a
 * file seen twice alike means that nothing happened between.
 */
export async function notePublished(file: string, receipts: readonly Receipt[], { dryRun, rollback }: UploadOptions): Promise<void> {
  const [receipt, ...others] = receipts;
  if (dryRun || rollback || others.length > 0 || receipt?.to !== 'catalog' || receipt['action'] === 'withhold') {
    await rm(file, { force: true });
    return;
  }
  const line = await sumLine(join(String(receipt['folder']), '..', 'latest', 'SHA256SUMS'));
  const noted = await readFile(file, 'utf8').catch(() => '');
  if (!says(noted, line)) await writeFile(file, catalogNote(line, new Date()));
}
