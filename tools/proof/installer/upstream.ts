import { writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { Failure } from '../../../packages/report/src/index.ts';

/** A mirror of Debian, by the address of its main archive. */
export interface Upstream {
  readonly main: string;
  readonly security: string;
}

/** A file of the mirror. Fails as `not-found` where it does not have it. */
async function fetchBytes(address: string): Promise<Buffer> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Failure('not-found', `the mirror answers ${answer.status}`, { where: address });
  return Buffer.from(await answer.arrayBuffer());
}

/** A file of the mirror as text, uncompressed where its name ends with .gz. */
export async function fetchText(address: string): Promise<string> {
  const bytes = await fetchBytes(address);
  return (address.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** A file of the mirror into a file. */
export async function fetchFile(address: string, path: string): Promise<void> {
  await writeFile(path, await fetchBytes(address));
}

/** Whether the mirror has a file. */
export async function has(address: string): Promise<boolean> {
  return (await fetch(address, { method: 'HEAD' })).ok;
}
