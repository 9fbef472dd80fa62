import { blobNamed, canonicalJson } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExtractedFile } from '../stages/extract/facts.ts';
import { extractFacts, type UploadOptions } from '../stages/upload/request.ts';
import { upload } from '../stages/upload/run.ts';
import type { Build } from './build.ts';
import { noteFile } from './catalog-note.ts';
import { notePublished } from './published.ts';

/** Publishes what extract left and leaves the receipt, `upload/receipt.json` beside the artifacts, and a note for the key of the next run. */
export async function publishBuild(build: Build, workspaceRoot: string, options: Readonly<Record<string, unknown>>): Promise<void> {
  const facts = extractFacts(await build.artifact('extract'));
  const { epoch } = (await build.artifact('configure')).config as { epoch: number };
  const receipts = await upload({
    ...build,
    workspaceRoot,
    options: options as UploadOptions,
    facts,
    epoch,
    scratch: () => build.store.scratch(),
    part: (file) => partBytes(build, file),
  });
  const folder = join(build.artifacts, 'upload');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'receipt.json'), canonicalJson(receipts));
  await notePublished(join(build.artifacts, noteFile), receipts, options);
}

/** The bytes of a part; where extract has to run again for them it must give the same. Failure `bad-digest`. */
async function partBytes(build: Build, { name, sha256 }: ExtractedFile): Promise<string> {
  const { digest } = blobNamed(await build.complete('extract'), name);
  if (digest === `sha256:${sha256}`) return build.store.blobPath(digest);
  throw new Failure('bad-digest', `${name} was made again and is not what it was`, {
    where: digest,
    hint: 'What the image is made of has changed since. Run the same command again: it publishes what there is now.',
  });
}
