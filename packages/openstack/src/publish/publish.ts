import { type Progress, silent } from '@nx-debian-image/report';
import type { ImageService } from '../image/index.ts';
import { changes, sentence } from './action.ts';
import { carryOut } from './carry-out.ts';
import { plan } from './plan.ts';
import { checkProduct, type PartName, type Product } from './product.ts';
import { settle, survey } from './survey.ts';

export interface PublishOptions {
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  /** Says what would be done and changes nothing. */
  readonly dryRun?: boolean;
  /** An image that is `saving` for longer than this was left by a stopped server and is deleted; 300 s where not given. */
  readonly staleAfterSeconds?: number;
  /** How long the cloud may take to make an image active once it has its bytes; 60 s where not given. */
  readonly settleSeconds?: number;
}

/** What was done, or in a dry run what would be. */
export interface Published {
  /** Ids of the images by part; in a dry run those that exist already. */
  readonly ids: Readonly<Partial<Record<PartName, string>>>;
  /** False where the cloud had everything as it should be. */
  readonly changed: boolean;
  readonly uploadedBytes: number;
  /** Each action as a sentence, in order. */
  readonly actions: readonly string[];
  readonly dryRun: boolean;
}

/**
 * Brings a product into the cloud: sends only the bytes that it lacks, shows the new version once it is complete and checked, and
 * deletes versions beyond `keep`. May be killed at any moment; the next run finishes. Two runs of one product at a time are not
 * meant to be. Failure `over-quota`, `refused`, `unreachable`, `timeout`, `bad-digest`, `busy`, `invalid`, `cancelled`.
 */
export async function publish(service: ImageService, product: Product, options: PublishOptions = {}): Promise<Published> {
  const { progress = silent, signal, dryRun = false, staleAfterSeconds = 300, settleSeconds = 60 } = options;
  checkProduct(product);
  if (!dryRun) await settle(service, product.name, { staleAfterSeconds, progress, signal });
  const actions = plan(product, await survey(service, product, signal));
  const changed = actions.some(changes);
  const known = actions.flatMap((action) =>
    action.kind === 'reuse' || action.kind === 'resume' ? [[action.part, action.image.id] as const] : [],
  );
  if (dryRun) for (const action of actions) progress.note(`would ${sentence(action)}`);
  const ids = dryRun ? new Map(known) : await carryOut(service, actions, { progress, signal, settleSeconds });
  return {
    ids: Object.fromEntries(ids),
    changed,
    uploadedBytes: actions.reduce((sum, action) => sum + (action.kind === 'upload' ? action.bytes.size : 0), 0),
    actions: actions.map(sentence),
    dryRun,
  };
}
