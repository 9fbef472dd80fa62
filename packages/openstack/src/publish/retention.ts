import type { ImageRecord } from '../image/index.ts';
import type { Action } from './action.ts';
import { linkNames, marks, partOf } from './marks.ts';
import type { Product } from './product.ts';
import type { CloudState } from './state.ts';
import type { Links } from './wanted.ts';

export interface Shown {
  /** The version that will be current, where the cloud has it already. */
  readonly target: ImageRecord | undefined;
  /** The kernel and ramdisk that it will name. */
  readonly links: Links;
  /** The version that was current until now: what a rollback goes back to. */
  readonly previous: string | undefined;
}

/** Deletes versions beyond the newest `keep`, then the kernels and ramdisks that nothing names any more. Protected ones stay. */
export function planRemovals(product: Product, state: CloudState, { target, links, previous }: Shown): Action[] {
  const others = state.own.filter(
    (image) => partOf(image) === 'root' && (image.status === 'active' || image.status === 'deactivated') && image.id !== target?.id,
  );
  const last = previous ?? target?.properties[marks.previous];
  const ordered = [...others.filter(({ id }) => id === last), ...others.filter(({ id }) => id !== last)];
  const surplus = ordered.slice(product.keep - 1);
  const deleted = new Set(surplus.filter((image) => !image.protected).map(({ id }) => id));
  const roots = surplus.map((image): Action =>
    image.protected
      ? { kind: 'spare', image, because: 'it is protected' }
      : {
          kind: 'delete',
          image,
          because: `${product.keep === 1 ? 'only the current version is' : `only ${product.keep} versions are`} kept`,
        },
  );

  const needed = new Set(Object.values(links));
  const unused = state.own.flatMap((image): Action[] => {
    const part = partOf(image);
    if (part === 'root' || part === undefined || image.status !== 'active' || needed.has(image.id)) return [];
    // The current version may be about to name another one.
    const users = (state.users.get(image.id) ?? []).filter((id) => !deleted.has(id) && id !== target?.id);
    if (users.length > 0) return [];
    return image.protected ? [{ kind: 'spare', image, because: 'it is protected' }] : [{ kind: 'delete-unused', part, image }];
  });
  return [...roots, ...unused.toSorted((a, b) => linkOrder(a) - linkOrder(b))];
}

function linkOrder(action: Action): number {
  return action.kind === 'delete-unused' ? Object.keys(linkNames).indexOf(action.part) : 2;
}
