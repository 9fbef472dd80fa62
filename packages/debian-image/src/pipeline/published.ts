import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Receipt, UploadOptions } from '../stages/upload/request.ts';

/**
 * Notes in a file that the catalog has an image as its latest: a line with the time, and one of sha256sum(1) for its checksums. Where
 * it is noted already the file stays as it is. Anything but a plain publication in the catalog removes it, for only of that can
 * a later run see without asking anybody that there is nothing to do. So a file seen twice alike means that nothing happened between.
 */
export async function notePublished(file: string, receipts: readonly Receipt[], { dryRun, rollback }: UploadOptions): Promise<void> {
  const [receipt, ...others] = receipts;
  if (dryRun || rollback || others.length > 0 || receipt?.to !== 'catalog' || receipt['action'] === 'withhold') {
    await rm(file, { force: true });
    return;
  }
  const sums = join(String(receipt['folder']), '..', 'latest', 'SHA256SUMS');
  const line = `${createHash('sha256')
    .update(await readFile(sums))
    .digest('hex')}  ${sums}\n`;
  const noted = await readFile(file, 'utf8').catch(() => '');
  if (!noted.endsWith(`\n${line}`)) await writeFile(file, `# ${new Date().toISOString()}\n${line}`);
}
