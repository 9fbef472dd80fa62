import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer, answerHtml, bodyOf } from './fake-answers.ts';

/** An image as Glance's JSON has it. */
export interface FakeImage {
  id: string;
  name: string;
  status: string;
  os_hidden: boolean;
  protected: boolean;
  created_at: string;
  [property: string]: unknown;
}

let made = 0;

/** Answers one request below `/image/v2/images` as Glance 25 does, as far as tests need it. Bytes are hashed and forgotten. */
export async function fakeGlance(images: Map<string, FakeImage>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url!, 'http://fake');
  const [id, file] = url.pathname.replace(/^\/image\/v2\/images\/?/, '').split('/');
  if (!id) return request.method === 'POST' ? create(images, request, response) : list(images, url, response);
  const image = images.get(id);
  if (!image) return answerHtml(response, 404, `No image found with ID ${id}`);
  if (file) return put(image, request, response);
  if (request.method === 'PATCH') return patch(image, request, response);
  if (request.method === 'GET') return answer(response, 200, image);
  if (image.protected) return answerHtml(response, 403, `Image ${id} is protected and cannot be deleted.`);
  images.delete(id);
  response.writeHead(204).end();
}

async function create(images: Map<string, FakeImage>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  made += 1;
  const time = new Date(Date.UTC(2024, 0, 1) + made * 1000).toISOString().replace('.000', '');
  const own = { id: `image${made}`, status: 'queued', owner: 'p1', size: null, checksum: null, created_at: time, updated_at: time };
  const sent = JSON.parse(await bodyOf(request)) as Pick<FakeImage, 'name' | 'os_hidden' | 'protected'>;
  const image: FakeImage = { ...sent, ...own };
  images.set(image.id, image);
  answer(response, 201, image);
}

const pageSize = 3;

/** Filters by equal properties, in short pages. */
function list(images: Map<string, FakeImage>, url: URL, response: ServerResponse): void {
  const filters = [...url.searchParams].filter(([key]) => !['visibility', 'sort', 'limit', 'marker'].includes(key));
  const found = [...images.values()]
    .filter((image) => filters.every(([key, value]) => String(image[key] ?? '') === value))
    .toSorted((a, b) => (a.created_at < b.created_at ? 1 : -1));
  const begin = found.findIndex(({ id }) => id === url.searchParams.get('marker')) + 1;
  const page = found.slice(begin, begin + pageSize);
  url.searchParams.set('marker', page.at(-1)?.id ?? '');
  const more = begin + pageSize < found.length;
  answer(response, 200, { images: page, ...(more ? { next: `/v2/images?${url.searchParams.toString()}` } : {}) });
}

async function put(image: FakeImage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (image.status !== 'queued') return answerHtml(response, 409, `Image status transition from ${image.status} to saving is not allowed`);
  image.status = 'saving';
  const sha512 = createHash('sha512');
  const md5 = createHash('md5');
  let size = 0;
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      sha512.update(piece);
      md5.update(piece);
      size += piece.length;
    }
  } catch (error) {
    image.status = 'queued';
    throw error;
  }
  Object.assign(image, {
    status: 'active',
    size,
    checksum: md5.digest('hex'),
    os_hash_algo: 'sha512',
    os_hash_value: sha512.digest('hex'),
  });
  response.writeHead(204).end();
}

async function patch(image: FakeImage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.headers['content-type'] !== 'application/openstack-images-v2.1-json-patch') return answerHtml(response, 415, 'Unsupported');
  for (const { op, path, value } of JSON.parse(await bodyOf(request)) as { op: string; path: string; value: unknown }[]) {
    const key = path.slice(1);
    if (op === 'remove' && image[key] === undefined) return answerHtml(response, 409, `Property ${key} does not exist.`);
    if (op === 'remove') delete image[key];
    else image[key] = value;
  }
  answer(response, 200, image);
}
