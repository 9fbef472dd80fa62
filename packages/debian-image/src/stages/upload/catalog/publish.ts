import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inFolder, ownedName } from '@nx-debian-image/artifact-store';
import { Failure, formatBytes, type Progress } from '@nx-debian-image/report';
import { tidy, underLock } from './locked.ts';
import { placeVersion } from './place.ts';
import { type Plan, planPublication } from './plan.ts';
import type { Item, ItemSource, Product } from './product.ts';
import { refresh } from './refresh.ts';
import { compareVersions } from './version.ts';
import { isImageName, readVersions, type Version, versionNames, writeVersion } from './versions.ts';

export interface PublishOptions {
  /** The catalog's folder; made where it is not there. */
  readonly catalog: string;
  /** How many versions people see, the newest included; at least 1. */
  readonly keep: number;
  readonly product: Product;
  /** The version if there is something to publish, above all others of this image: see `nextVersion`. */
  readonly version: string;
  readonly items: readonly ItemSource[];
  /** Only says what would be done. */
  readonly dryRun?: boolean;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** What publishing did, or would do. */
export interface Publication {
  readonly action: Plan['action'];
  /** The version that people find as this image's latest, or the one that is withheld. */
  readonly version: string;
  /** The folder of that version. */
  readonly folder: string;
  readonly removed: readonly string[];
}

/**
 * Publishes an image in a catalog folder that any web server can serve. Where the newest version has the same bytes, none are asked
 * for and nothing is done. A version appears whole, by rename; then `latest` and the index follow. Killed at any point, the catalog is
 * valid, and the next run finishes the work. Failures: `invalid`, `busy`, `no-space`, `bad-digest`, and those of `blobPath`.
 */
export async function publish(options: PublishOptions): Promise<Publication> {
  const { catalog, dryRun = false } = options;
  check(options);
  const before = await decide(options);
  if (dryRun) return tell(options, before, true);
  return inFolder(catalog, () => carryOut(options, before));
}

async function carryOut(options: PublishOptions, before: Plan): Promise<Publication> {
  const { catalog, product, progress, signal } = options;
  await tidy(catalog, progress);
  const parent = join(catalog, product.image);
  await mkdir(parent, { recursive: true });
  const next = join(parent, `.${await ownedName()}`);
  try {
    if (before.action === 'publish') await placeVersion(next, before.version, options.items, progress);
    return await underLock(catalog, progress, signal, async () => {
      // Decided again: another run may have published meanwhile.
      const plan = await decide(options);
      const folder = join(parent, plan.version.version);
      if (plan.action === 'publish') {
        if (before.action !== 'publish') await placeVersion(next, plan.version, options.items, progress);
        await rename(next, folder);
      }
      if (plan.action === 'describe') await writeVersion(folder, plan.version);
      await refresh(catalog, progress, { image: product.image, versions: plan.remove });
      for (const version of plan.remove) await removeVersion(parent, version);
      return tell(options, plan, false);
    });
  } finally {
    await rm(next, { recursive: true, force: true });
  }
}

async function decide({ catalog, product, version, items, keep, progress }: PublishOptions): Promise<Plan> {
  const existing = await readVersions(catalog, product.image, progress);
  const plan = planPublication(existing, { product, version, items: items.map(itemOf) }, keep);
  const newest = (await versionNames(catalog, product.image)).at(-1);
  if (plan.action === 'publish' && newest !== undefined && compareVersions(version, newest) <= 0) {
    throw new Failure('invalid', `${product.image} ${version} cannot be published: ${newest} is there already`, {
      where: join(catalog, product.image, newest),
      hint: 'Publish it under a newer version.',
    });
  }
  return plan;
}

function itemOf({ name, ftype, size, sha256, sha512, md5, fields }: ItemSource): Item {
  return { name, ftype, size, sha256, sha512, md5, ...(fields === undefined ? {} : { fields }) };
}

/** Gone at once from under its name; what a kill leaves of it is tidied away. */
async function removeVersion(parent: string, version: string): Promise<void> {
  const away = join(parent, `.${await ownedName()}`);
  await rename(join(parent, version), away);
  await rm(away, { recursive: true, force: true });
}

function tell({ catalog, product: { image }, items, progress }: PublishOptions, plan: Plan, dryRun: boolean): Publication {
  const { version }: Version = plan.version;
  const folder = join(catalog, image, version);
  const size = formatBytes(items.reduce((sum, item) => sum + item.size, 0));
  const text = {
    publish: `${image} ${version} ${dryRun ? 'would be published' : 'is published'} in ${folder} (${size})`,
    describe: `${image} ${version} has the same bytes; ${dryRun ? 'only its description would change' : 'only its description changed'}`,
    keep: `${image} ${version} is published already, with the same bytes; nothing to do`,
    withhold: `${image} ${version}, with the same bytes, was rolled back; it stays hidden until it is rolled back to`,
  }[plan.action];
  if (plan.action === 'withhold') progress.warn(text);
  else progress.note(text);
  if (plan.remove.length > 0) progress.note(`${dryRun ? 'would remove' : 'removed'} ${plan.remove.join(', ')} of ${image}`);
  return { action: plan.action, version, folder, removed: plan.remove };
}

function check({ product: { image }, keep, items }: PublishOptions): void {
  if (!isImageName(image)) {
    throw new Failure('invalid', `${JSON.stringify(image)} cannot be the name of an image in a catalog`, {
      hint: 'Use letters, digits, dots, plus, minus and underscores; `streams` is taken.',
    });
  }
  if (!Number.isInteger(keep) || keep < 1) throw new Failure('invalid', `keep is ${keep}, but at least one version must be kept`);
  const wrong = items.find(({ name }) => !/^[A-Za-z0-9][\w.-]*$/.test(name));
  if (wrong !== undefined || items.length === 0) throw new Error(`${JSON.stringify(wrong?.name ?? '')} is no name for an item`);
}
