import { Failure } from '@nx-debian-image/report';
import type { ImageChanges, ImageRecord, ImageService } from '../image/index.ts';
import { type Action, sentence, standIn } from './action.ts';
import type { PartName } from './product.ts';
import { send, type SendOptions } from './send.ts';
import { usersOf } from './survey.ts';

/** Ids of the images that the parts have in the cloud. */
export type Ids = Map<PartName, string>;

/** Does what a plan says, in order, each with a line. Gives the ids of the parts. */
export async function carryOut(service: ImageService, actions: readonly Action[], options: SendOptions): Promise<Ids> {
  const ids: Ids = new Map();
  const retired: ImageRecord[] = [];
  const { progress, signal } = options;
  for (const action of actions) {
    progress.note(sentence(action));
    switch (action.kind) {
      case 'reuse':
        ids.set(action.part, action.image.id);
        break;
      case 'create': {
        const draft = { ...action.draft, properties: linked(action.draft.properties, ids) as Record<string, string> };
        ids.set(action.part, (await service.create(draft, signal)).id);
        break;
      }
      case 'resume':
        ids.set(action.part, action.image.id);
        await service.update(action.image.id, linkedChanges(action.changes, ids), signal);
        break;
      case 'upload':
        await send(service, ids.get(action.part)!, action.bytes, options);
        break;
      case 'update':
        await service.update(ids.get(action.part)!, action.changes, signal);
        break;
      case 'retire':
        await checkSides(service, ids, signal);
        await service.update(action.image.id, action.changes, signal);
        retired.push(action.image);
        break;
      case 'show':
        await checkSides(service, ids, signal);
        await show(service, ids.get('root')!, linkedChanges(action.changes, ids), retired, signal);
        break;
      case 'delete':
        await remove(service, action.image, options);
        break;
      case 'delete-unused':
        if ((await usersOf(service, action.part, action.image.id, signal)).length === 0) await remove(service, action.image, options);
        else progress.note(`leave "${action.image.name}" (${action.image.id}): an image uses it meanwhile`);
        break;
      case 'spare':
        break;
    }
  }
  return ids;
}

/** Users must not be left without an image: where the new one cannot be shown, the old one comes back. */
async function show(
  service: ImageService,
  id: string,
  changes: ImageChanges,
  retired: readonly ImageRecord[],
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await service.update(id, changes, signal);
  } catch (error) {
    const [last] = retired;
    // Not with the signal: it may be what ended the change.
    if (last) await service.update(last.id, { name: last.name, hidden: false }).catch(() => undefined);
    throw error;
  }
}

/** A shared kernel may have been deleted while the root went up. */
async function checkSides(service: ImageService, ids: Ids, signal: AbortSignal | undefined): Promise<void> {
  for (const part of ['kernel', 'ramdisk'] as const) {
    const id = ids.get(part);
    if (id !== undefined && (await service.get(id, signal))?.status !== 'active') {
      throw new Failure('busy', `the ${part} of the image was deleted meanwhile`, {
        where: `image ${id}`,
        hint: 'Run it again: it uploads the part anew.',
      });
    }
  }
}

/** An image in use (409) or not ours to delete (403) stays; a later run tries again. */
async function remove(service: ImageService, image: ImageRecord, { progress, signal }: SendOptions): Promise<void> {
  try {
    await service.delete(image.id, signal);
  } catch (error) {
    if (!(error instanceof Failure) || (error.reason !== 'busy' && error.reason !== 'refused')) throw error;
    progress.warn(`"${image.name}" (${image.id}) cannot be deleted and stays: ${error.said ?? error.message}`);
  }
}

function linkedChanges(changes: ImageChanges, ids: Ids): ImageChanges {
  return changes.properties ? { ...changes, properties: linked(changes.properties, ids) } : changes;
}

/** Puts ids in the place of stand-ins. */
function linked(properties: Readonly<Record<string, string | null>>, ids: Ids): Record<string, string | null> {
  const known = new Map([...ids].map(([part, id]) => [standIn(part), id]));
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, value === null ? null : (known.get(value) ?? value)]));
}
