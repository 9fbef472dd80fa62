import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Artifact, type BlobOwner, type Digest, isDigest, readArtifact, referenced } from '@nx-debian-image/artifact-store';

/** The images of a workspace with the blobs that their stages have left, as `dist` has them; damaged artifacts left away. */
export async function imagesOf(dist: string): Promise<BlobOwner[]> {
  const owners: BlobOwner[] = [];
  for (const name of await foldersIn(dist)) {
    const artifacts = await Promise.all(
      (await foldersIn(join(dist, name))).map((stage) => readArtifact(join(dist, name, stage)).catch(() => undefined)),
    );
    const found = artifacts.filter((artifact) => artifact !== undefined);
    if (found.length === 0) continue;
    owners.push({
      name,
      blobs: new Set(found.flatMap((artifact) => [artifact.descriptor.digest, ...referenced(artifact).map(({ digest }) => digest)])),
      sources: new Set(found.flatMap(packagesOf)),
    });
  }
  return owners;
}

/** The packages that an installation notes; see stages/install. */
function packagesOf({ config }: Artifact): Digest[] {
  const { packages = [], tools = [] } = config as Partial<Record<'packages' | 'tools', readonly { readonly sha256?: string }[]>>;
  return [...packages, ...tools].map(({ sha256 }) => `sha256:${sha256}`).filter(isDigest);
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
