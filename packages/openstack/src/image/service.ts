import { stat } from 'node:fs/promises';
import { placeOf } from '@nx-debian-image/http';
import { Failure, type Meter } from '@nx-debian-image/report';
import { failureOf, jsonOf, type ServiceAnswer, type ServiceRequest } from '../http/index.ts';
import type { Session } from '../identity/index.ts';
import { bodyOf, type ImageChanges, type ImageDraft, patchOf } from './draft.ts';
import { type ImageRecord, imageSchema, pageSchema, recordOf } from './record.ts';

/** Filters of a list: any property by its wire name (`os_hash_value`, `kernel_id`, our own marks). */
export type ImageFilter = Readonly<Record<string, string>>;

/** The image service of a cloud (Glance, Image API v2). Every call may fail as `unreachable`, `refused`, `timeout`, `server-error`. */
export interface ImageService {
  /** The project that new images belong to; undefined where there is no Keystone. */
  readonly projectId: string | undefined;
  /** All images that match, of every visibility, hidden ones too; newest first. */
  list(filter: ImageFilter, signal?: AbortSignal): Promise<ImageRecord[]>;
  /** One image, or undefined where there is none with this id (or none that we may see). */
  get(id: string, signal?: AbortSignal): Promise<ImageRecord | undefined>;
  /** A new image without bytes. */
  create(draft: ImageDraft, signal?: AbortSignal): Promise<ImageRecord>;
  /** Changes an image; nothing is sent where there is nothing to change. */
  update(id: string, changes: ImageChanges, signal?: AbortSignal): Promise<void>;
  /** Sends the bytes of a queued image. Failure `over-quota`, `busy` (it is no longer queued), `bad-digest` (the file has another size). */
  upload(id: string, file: ImageFile, signal?: AbortSignal): Promise<void>;
  /** Deletes an image; fine where it is gone already. Failure `refused` for a protected one, `busy` for one in use. */
  delete(id: string, signal?: AbortSignal): Promise<void>;
}

interface ImageFile {
  /** What messages call it. */
  readonly name?: string;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly meter?: Meter;
}

const patchType = 'application/openstack-images-v2.1-json-patch';

export function imageService(session: Session): ImageService {
  const at = (path: string): URL => new URL(`${session.imageUrl}/images${path}`);
  const call = async (asked: ServiceRequest, accept: readonly number[] = []): Promise<ServiceAnswer> => {
    const answer = await session.request(asked);
    if (answer.status >= 300 && !accept.includes(answer.status)) throw failureOf(answer, asked);
    return answer;
  };
  const listOne = async (query: Readonly<Record<string, string>>, signal: AbortSignal | undefined): Promise<ImageRecord[]> => {
    const found: ImageRecord[] = [];
    let url: URL | undefined = at(`?${new URLSearchParams({ ...query, sort: 'created_at:desc', limit: '200' }).toString()}`);
    while (url !== undefined) {
      const asked: ServiceRequest = { method: 'GET', url, signal, doing: 'listing images' };
      const page = check(pageSchema, jsonOf(await call(asked), asked), asked);
      found.push(...page.images.map(recordOf));
      // `next` is a path from the root of the service, without what a proxy in front of it adds.
      url = page.next === undefined ? undefined : at(`?${page.next.split('?')[1] ?? ''}`);
    }
    return found;
  };
  return {
    projectId: session.projectId,
    async list(filter, signal) {
      const query = { visibility: 'all', ...filter };
      const shown = await listOne({ ...query, os_hidden: 'false' }, signal);
      const hidden = await listOne({ ...query, os_hidden: 'true' }, signal);
      return [...shown, ...hidden].toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
    },
    async get(id, signal) {
      const asked: ServiceRequest = { method: 'GET', url: at(`/${id}`), signal, doing: `reading image ${id}` };
      const answer = await call(asked, [404]);
      return answer.status === 404 ? undefined : recordOf(check(imageSchema, jsonOf(answer, asked), asked));
    },
    async create(draft, signal) {
      const body = JSON.stringify(bodyOf(draft));
      const asked: ServiceRequest = { method: 'POST', url: at(''), headers: json, body, signal, doing: `creating image "${draft.name}"` };
      return recordOf(check(imageSchema, jsonOf(await call(asked), asked), asked));
    },
    async update(id, changes, signal) {
      const operations = patchOf(changes);
      if (operations.length === 0) return;
      const headers = { 'content-type': patchType };
      await call({ method: 'PATCH', url: at(`/${id}`), headers, body: JSON.stringify(operations), signal, doing: `changing image ${id}` });
    },
    async upload(id, file, signal) {
      const { name = `image ${id}`, path, size, meter } = file;
      const { size: actual } = await stat(path);
      if (actual !== size) throw new Failure('bad-digest', `${path} has ${actual} bytes, not the ${size} it should`, { where: path });
      const body = { path, size, onBytes: (count: number) => meter?.add(count) };
      const headers = { 'content-type': 'application/octet-stream' };
      await call({ method: 'PUT', url: at(`/${id}/file`), headers, body, signal, doing: `uploading ${name}` });
    },
    async delete(id, signal) {
      await call({ method: 'DELETE', url: at(`/${id}`), signal, doing: `deleting image ${id}` }, [404]);
    },
  };
}

const json = { 'content-type': 'application/json' };

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: { message: string } };
}

function check<T>(schema: Schema<T>, value: unknown, asked: ServiceRequest): T {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  throw new Failure('server-error', `${asked.doing}: the answer is not one of the Image API v2`, {
    where: placeOf(asked),
    said: checked.error.message,
    hint: 'Is this the address of a Glance?',
  });
}
