import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { collect, scanStore, type Store, usageOf } from '@nx-debian-image/artifact-store';
import { Failure, type Progress, silent } from '@nx-debian-image/report';
import { openStore, storeFolder } from '../open-build.ts';
import { imagesOf } from './images.ts';
import { limitOf, parseLimit } from './limit.ts';
import { collectedInWords } from './tidy.ts';
import { usageTable } from './usage-table.ts';

/** A store as seen from a workspace. */
export interface StoreRequest {
  readonly workspaceRoot: string;
  /** What nx.json says beside the plugin's name. */
  readonly plugin: { readonly store?: string; readonly storeLimit?: string };
  readonly environment: NodeJS.ProcessEnv;
}

/** What is in the store and which image of the workspace has it: a table, or JSON with sizes in bytes. Failure `not-found` without a store. */
export async function storeUsage(request: StoreRequest, json: boolean): Promise<string> {
  const store = await existingStore(request, silent);
  const usage = usageOf(await scanStore(store), await imagesOf(join(request.workspaceRoot, 'dist')));
  if (json) return JSON.stringify({ folder: store.folder, limit: await limitFor(request, store), ...usage }, undefined, 2);
  return `${store.folder}\n${usageTable(usage)}`;
}

/** Removes what was not used for longest until the store is within a limit, its own where none is given. Gives a line that says what went. */
export async function collectStore(request: StoreRequest, limit: string | undefined, progress: Progress): Promise<string> {
  const store = await existingStore(request, progress);
  const bytes = limit === undefined ? await limitFor(request, store) : parseLimit(limit, '--limit');
  return collectedInWords(await collect(store, { limit: bytes }), bytes);
}

function limitFor({ environment, plugin }: StoreRequest, store: Store): Promise<number> {
  return limitOf(store.folder, { environment, option: plugin.storeLimit });
}

async function existingStore({ workspaceRoot, plugin, environment }: StoreRequest, progress: Progress): Promise<Store> {
  const folder = storeFolder({ workspaceRoot, options: plugin, environment });
  await access(join(folder, 'oci-layout')).catch(() => {
    throw new Failure('not-found', `there is no store in ${folder}`, { hint: 'The first image that is built makes it.' });
  });
  return openStore(folder, progress);
}
