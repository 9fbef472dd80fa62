import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants, createReadStream, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

/** A folder of the workspace with the files and folders below it that an image is made of. */
export interface Sources {
  readonly root: string;
  readonly sources: readonly string[];
}

/**
 * What decides an image and is not in Nx's hash of the files that Nx sees, as sorted lines for each folder: which files are executable,
 * where symbolic links point, and the sha256 of files that git ignores. Other bits of a mode depend on the umask of the checkout.
 */
export async function unhashedFiles(workspaceRoot: string, folders: readonly Sources[]): Promise<Map<string, string[]>> {
  const ignored = await ignoredByGit(workspaceRoot, folders);
  const lines = await Promise.all(
    folders.map(async ({ root, sources }) => {
      const paths = pathsOf({ root, sources });
      const digests = ignored
        .filter((file) => paths.some((path) => file === path || file.startsWith(`${path}/`)))
        .map(async (file) => `ignored ${relative(root, file)} ${await sha256(join(workspaceRoot, file))}`);
      const seen = paths.flatMap((path) => modesAndLinks(join(workspaceRoot, root), join(workspaceRoot, path)));
      return [root, [...new Set([...seen, ...(await Promise.all(digests))])].toSorted()] as const;
    }),
  );
  return new Map(lines);
}

/** From the workspace's root, without a slash at the end. */
function pathsOf({ root, sources }: Sources): string[] {
  return sources.map((source) => join(root, source).replace(/\/+$/, ''));
}

/** A file that is not there, or cannot be read, is told by the stage that needs it. */
function modesAndLinks(folder: string, path: string): string[] {
  try {
    const status = lstatSync(path);
    if (status.isDirectory()) return readdirSync(path).flatMap((name) => modesAndLinks(folder, join(path, name)));
    if (status.isSymbolicLink()) return [`link ${relative(folder, path)} ${readlinkSync(path)}`];
    return status.isFile() && (status.mode & constants.S_IXUSR) !== 0 ? [`executable ${relative(folder, path)}`] : [];
  } catch {
    return [];
  }
}

/** From the workspace's root; none where there is no git, for then Nx hashes what it ignores by the same rules. */
async function ignoredByGit(workspaceRoot: string, folders: readonly Sources[]): Promise<string[]> {
  const paths = folders.flatMap(pathsOf).filter((path) => !path.startsWith('..'));
  if (paths.length === 0) return [];
  const words = ['--literal-pathspecs', 'ls-files', '--others', '--ignored', '--exclude-standard', '-z', '--', ...paths];
  try {
    const { stdout } = await promisify(execFile)('git', words, { cwd: workspaceRoot, maxBuffer: Number.POSITIVE_INFINITY });
    return stdout.split('\0').filter((path) => path !== '');
  } catch {
    return [];
  }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  } catch {
    return 'unreadable';
  }
}
