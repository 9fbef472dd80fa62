import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { command, run } from '../../../host/index.ts';
import { makeDeb, type TestPackage } from './deb.ts';
import { fakedTime, type Signer } from './signer.ts';

export interface ArchiveContent {
  readonly suite: string;
  readonly packages: readonly TestPackage[];
  readonly signer: Signer;
  /** Until when the lists are good, as a date in the past or future. */
  readonly validUntil?: Date;
  /** Further files that the signed list names, by their path below the suite's folder. */
  readonly more?: ReadonlyMap<string, string>;
}

/** For tests: writes a small archive as Debian's are: a pool, one index, one signed InRelease. Gives the paths of its packages by name. */
export async function writeArchive(
  folder: string,
  { suite, packages, signer, validUntil, more = new Map() }: ArchiveContent,
): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  const stanzas: string[] = [];
  for (const entry of packages) {
    const path = `pool/main/${entry.name}_${entry.version.replace(/^\d+:/, '')}_${entry.architecture}.deb`;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    const control = await makeDeb(entry, join(folder, path));
    const bytes = await readFile(join(folder, path));
    stanzas.push(`${control}Filename: ${path}\nSize: ${bytes.length}\nSHA256: ${sha256(bytes)}\n`);
    paths.set(entry.name, path);
  }
  const index = stanzas.join('\n');
  const dists = join(folder, 'dists', suite);
  const files = [['main/binary-amd64/Packages', index] as const, ...more];
  for (const [path, text] of files) {
    await mkdir(dirname(join(dists, path)), { recursive: true });
    await writeFile(join(dists, path), text);
  }
  const sums = files.map(([path, text]) => ` ${sha256(text)} ${Buffer.byteLength(text)} ${path}\n`).join('');
  const valid = validUntil === undefined ? '' : `Valid-Until: ${validUntil.toUTCString()}\n`;
  const release = `Origin: Test\nSuite: ${suite}\nCodename: ${suite}\nDate: ${new Date(Date.now() - 3600_000).toUTCString()}\n${valid}Architectures: amd64\nComponents: main\nSHA256:\n${sums}`;
  await writeFile(join(dists, 'InRelease'), await sign(release, signer));
  return paths;
}

async function sign(text: string, { home, user, time }: Signer): Promise<string> {
  const clearsign = command('gpg', ['--batch', ...fakedTime(time), '--local-user', user, '--clearsign'], { env: { GNUPGHOME: home } });
  return (await run(clearsign, { doing: 'signing', input: text })).stdout;
}

function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
