import { chmod, copyFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Command, command, isRoot, run } from '../../packages/debian-image/src/host/index.ts';
import { removeInNamespaces } from '../../packages/debian-image/src/rootfs/namespace.ts';

/** The image that is measured. */
export const imageName = 'bookworm-amd64';

/** A copy of this workspace with its own Nx, its own store and its own catalog, so that measuring disturbs nothing else. */
export interface BenchWorkspace {
  /** Everything of this measuring; gone when it ends. */
  readonly scratch: string;
  /** The copy. */
  readonly root: string;
  readonly store: string;
  /** A program in the copy: `nx` with these arguments, with or without its daemon. */
  nx(args: readonly string[], daemon: boolean): Command;
}

/** The script that the copy's image runs when it is configured, so that one can be changed. */
const script = 'scripts/bench.sh';

/**
 * Copies this workspace as git sees it, with what is not committed yet, below the folder for temporary files (TMPDIR). The image of the
 * copy gets one script more.
 */
export async function copyWorkspace(source: string, signal: AbortSignal): Promise<BenchWorkspace> {
  const scratch = await mkdtemp(join(tmpdir(), 'nx-debian-image-bench-'));
  const root = join(scratch, 'workspace');
  const list = command('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: source });
  const { stdout } = await run(list, { doing: 'listing the workspace', signal });
  for (const path of new Set(stdout.split('\0').filter(Boolean))) await copy(join(source, path), join(root, path));
  const modules = command('cp', ['--archive', '--reflink=auto', join(source, 'node_modules'), root]);
  await run(modules, { doing: 'copying node_modules', signal });
  await run(command('git', ['init', '--quiet', root]), { doing: 'making the copy a workspace', signal });
  const workspace = { scratch, root, store: join(scratch, 'store') };
  await addScript(root);
  return { ...workspace, nx: nxIn(root, workspace.store) };
}

/** Calls of a workspace's own Nx with a store. */
export function nxIn(root: string, store: string): BenchWorkspace['nx'] {
  return (args, daemon) => command(join(root, 'node_modules/.bin/nx'), args, { cwd: root, env: environmentOf(store, daemon) });
}

/** Ends the copy's Nx daemon and removes everything. */
export async function removeWorkspace({ scratch, nx }: BenchWorkspace): Promise<void> {
  await run(nx(['daemon', '--stop'], true), { doing: "ending the copy's Nx daemon" });
  await run(removeInNamespaces(isRoot(), scratch), { doing: `removing ${scratch}` });
}

/** Gives the script that the image runs other text: a line for `/etc/motd`. */
export async function writeScript({ root }: Pick<BenchWorkspace, 'root'>, line: string): Promise<void> {
  const path = join(root, 'images', imageName, script);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho '${line}' > /etc/motd\n`);
  await chmod(path, 0o755);
}

async function addScript(root: string): Promise<void> {
  const path = join(root, 'images', imageName, 'image.json');
  const image = JSON.parse(await readFile(path, 'utf8')) as { scripts?: string[] };
  await writeFile(path, JSON.stringify({ ...image, scripts: [...(image.scripts ?? []), script] }, undefined, 2));
  await writeScript({ root }, 'first');
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to).catch((error: NodeJS.ErrnoException) => {
    // git still lists what has been deleted since the last commit
    if (error.code !== 'ENOENT') throw error;
  });
}

/** `run` gives a small environment; what is said about mirrors and memory goes along. */
function environmentOf(store: string, daemon: boolean): Record<string, string> {
  const own = Object.entries(process.env).filter(([name]) => name.startsWith('DEBIAN_IMAGE_'));
  return { ...(Object.fromEntries(own) as Record<string, string>), DEBIAN_IMAGE_STORE: store, NX_DAEMON: String(daemon), NX_TUI: 'false' };
}
