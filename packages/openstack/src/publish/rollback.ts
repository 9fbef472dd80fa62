import { Failure, silent } from '@nx-debian-image/report';
import type { ImageRecord, ImageService } from '../image/index.ts';
import { type Action, sentence } from './action.ts';
import { carryOut } from './carry-out.ts';
import { marks, partOf } from './marks.ts';
import { retire } from './plan.ts';
import type { PublishOptions } from './publish.ts';
import { ownImages } from './survey.ts';

export interface RolledBack {
  /** Id of the version that is current now, and its version. */
  readonly image: string;
  readonly version: string;
  readonly actions: readonly string[];
  readonly dryRun: boolean;
}

/** Makes the version before the current one current again; sends no bytes. Failure `not-found` where there is none. */
export async function rollback(service: ImageService, product: string, options: PublishOptions = {}): Promise<RolledBack> {
  const { progress = silent, signal, dryRun = false, settleSeconds = 60 } = options;
  const own = await ownImages(service, product, signal);
  const { actions, target } = planRollback(product, own);
  if (dryRun) for (const action of actions) progress.note(`would ${sentence(action)}`);
  else await carryOut(service, actions, { progress, signal, settleSeconds });
  return { image: target.id, version: target.properties[marks.version] ?? '', actions: actions.map(sentence), dryRun };
}

/** What a rollback does; pure. Where a killed run left no version in sight, the newest counts as the current one. */
export function planRollback(product: string, own: readonly ImageRecord[]): { actions: Action[]; target: ImageRecord } {
  const versions = own.filter((image) => partOf(image) === 'root' && image.status === 'active');
  const shown = versions.filter(({ hidden }) => !hidden);
  const current = shown[0] ?? versions[0];
  if (!current) {
    throw new Failure('not-found', `the cloud has no version of "${product}"`, { where: `images marked ${marks.product}=${product}` });
  }
  const target =
    versions.find(({ id }) => id === current.properties[marks.previous]) ??
    versions.find(({ id, createdAt }) => id !== current.id && createdAt <= current.createdAt);
  if (!target) {
    throw new Failure('not-found', `the cloud has no version of "${product}" before the current one`, {
      where: `image ${current.id}`,
      hint: '`keep` of the upload says how many versions stay; with 1 there is never one to go back to.',
    });
  }
  const actions: Action[] = shown.filter(({ id }) => id !== target.id).map((image) => retire(product, image));
  actions.unshift({ kind: 'reuse', part: 'root', image: target });
  actions.push({ kind: 'show', name: product, changes: { name: product, hidden: false } });
  return { actions, target };
}
