import { formatBytes } from '@nx-debian-image/report';
import type { ImageChanges, ImageDraft, ImageRecord } from '../image/index.ts';
import type { Part, PartName } from './product.ts';

/** One thing to do in the cloud. They are done in order; a run that was killed between two is finished by the next one. */
export type Action =
  /** The cloud has these bytes already. */
  | { readonly kind: 'reuse'; readonly part: PartName; readonly image: ImageRecord }
  /** A new image without bytes. */
  | { readonly kind: 'create'; readonly part: PartName; readonly draft: ImageDraft }
  /** An image without bytes that a broken-off run left. */
  | { readonly kind: 'resume'; readonly part: PartName; readonly image: ImageRecord; readonly changes: ImageChanges }
  | { readonly kind: 'upload'; readonly part: PartName; readonly bytes: Part }
  /** Changes what is said of a kernel or ramdisk. */
  | { readonly kind: 'update'; readonly part: PartName; readonly changes: ImageChanges }
  /** Takes a version out of sight; it stays for a rollback. */
  | { readonly kind: 'retire'; readonly image: ImageRecord; readonly changes: ImageChanges }
  /** Makes the root what users see, or corrects what is said of it. */
  | { readonly kind: 'show'; readonly name: string; readonly changes: ImageChanges }
  | { readonly kind: 'delete'; readonly image: ImageRecord; readonly because: string }
  /** A kernel or ramdisk, deleted only where still no image names it. */
  | { readonly kind: 'delete-unused'; readonly part: 'kernel' | 'ramdisk'; readonly image: ImageRecord }
  | { readonly kind: 'spare'; readonly image: ImageRecord; readonly because: string };

/** Stands for the id of an image that the same plan makes. */
export function standIn(part: PartName): string {
  return `new:${part}`;
}

/** Whether it changes the cloud. */
export function changes({ kind }: Action): boolean {
  return kind !== 'reuse' && kind !== 'spare';
}

/** An action as a person reads it. */
export function sentence(action: Action): string {
  switch (action.kind) {
    case 'reuse':
      return `keep ${action.part} ${named(action.image)}: the cloud has its bytes`;
    case 'create':
      return `create ${action.part} "${action.draft.name}"`;
    case 'resume':
      return `take up ${action.part} ${named(action.image)}, which a broken-off run left`;
    case 'upload':
      return `upload ${action.part} ${action.bytes.name} (${formatBytes(action.bytes.size)})`;
    case 'update':
      return `change ${action.part}: ${listed(action.changes)}`;
    case 'retire':
      return `hide ${named(action.image)} as "${action.changes.name}"`;
    case 'show':
      return action.changes.hidden === false ? `show "${action.name}"` : `change "${action.name}": ${listed(action.changes)}`;
    case 'delete':
      return `delete ${named(action.image)}: ${action.because}`;
    case 'delete-unused':
      return `delete ${action.part} ${named(action.image)}: no image uses it`;
    case 'spare':
      return `leave ${named(action.image)}: ${action.because}`;
  }
}

function named({ name, id }: ImageRecord): string {
  return `"${name}" (${id})`;
}

function listed({ properties = {}, ...rest }: ImageChanges): string {
  return [...Object.keys(rest), ...Object.keys(properties)].join(', ');
}
