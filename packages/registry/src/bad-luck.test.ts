import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryFolder } from '@nx-debian-image/http/in-tests';
import { silent } from '@nx-debian-image/report';
import { describe, expect, it, onTestFinished } from 'vitest';
import { usualLimits } from './http/index.ts';
import { type FakeRegistry, startFakeRegistry } from './testing/fake-registry.ts';
import { accountOf, blobFile, loggedIn, opened } from './testing/opened.ts';

const limits = { ...usualLimits, waitsMs: [1, 2, 3], patienceMs: 10_000 };
const hasty = { ...limits, silenceMs: 700 };
const MiB = 1 << 20;

async function bad(size = 1000) {
  const folder = await temporaryFolder();
  const registry = await startFakeRegistry();
  onTestFinished(() => registry.close());
  const { blob, file } = await blobFile(folder, 'blob', randomBytes(size));
  const back = join(folder, 'back');
  const has = async (): Promise<void> => void registry.blobs.set(blob.digest, await readFile(file));
  return { folder, registry, blob, file, back, has, repository: opened(registry.host, { limits }) };
}

/** Answers the first requests that begin with some words in a way of its own. */
function first(registry: FakeRegistry, begin: string, count: number, answer: (response: ServerResponse) => void): void {
  let left = count;
  registry.mischief = (_, response) => {
    if (left === 0 || !registry.requests.at(-1)!.startsWith(begin)) return false;
    left -= 1;
    answer(response);
    return true;
  };
}

const status =
  (code: number, headers: Record<string, string> = {}, body = '') =>
  (response: ServerResponse): void =>
    void response.writeHead(code, headers).end(body);

describe('a registry that refuses', () => {
  it.each([
    [401, 'refused'],
    [403, 'refused'],
    [405, 'refused'],
    [413, 'over-quota'],
    [507, 'over-quota'],
  ] as const)('is one failure with a hint: %i', async (code, reason) => {
    const { registry, blob, file, repository } = await bad();
    first(registry, 'POST', Infinity, status(code, {}, '{"errors":[{"code":"DENIED","message":"not for you"}]}'));
    const failure: unknown = await repository.push(blob, file).catch((error: unknown) => error);
    expect(failure).toMatchObject({ reason, said: 'DENIED: not for you', message: expect.stringContaining(`(${code})`) });
    expect(failure).toHaveProperty('hint', expect.stringMatching(/\.$/));
    expect(registry.requests.filter((request) => request.startsWith('POST'))).toHaveLength(1);
  });

  it('in the middle of what is sent, and is asked the next thing all the same', async () => {
    const { registry, blob, file, repository } = await bad(20 * MiB);
    first(registry, 'PATCH', 1, status(413));
    await expect(repository.push(blob, file)).rejects.toMatchObject({ reason: 'over-quota', hint: expect.stringContaining('nginx') });
    const begin = Date.now();
    expect(await repository.sizeOf(blob.digest)).toBeUndefined();
    expect(Date.now() - begin).toBeLessThan(3000);
  });

  it('or that is full and says so as a fault of its own', async () => {
    const { registry, blob, file, repository } = await bad();
    first(registry, 'PUT', Infinity, status(500, {}, '{"errors":[{"code":"UNKNOWN","detail":{"Op":"write","Err":28}}]}'));
    await expect(repository.push(blob, file)).rejects.toMatchObject({ reason: 'over-quota' });
  });

  it('has no blob that is not there', async () => {
    const { blob, back, repository } = await bad();
    await expect(repository.pull(blob, back)).rejects.toMatchObject({ reason: 'not-found', said: 'BLOB_UNKNOWN: blob unknown' });
    expect(existsSync(back)).toBe(false);
  });
});

describe('a registry that is busy', () => {
  it.each([429, 500, 502, 503])('is asked again, and once more: %i', async (code) => {
    const { registry, blob, file, repository } = await bad();
    first(registry, 'POST', 2, status(code));
    await repository.push(blob, file);
    expect(registry.blobs.get(blob.digest)).toEqual(await readFile(file));
  });

  it('is left alone for as long as it wants, but not for hours', async () => {
    const { registry, blob, has, repository } = await bad();
    await has();
    first(registry, 'HEAD', 1, status(503, { 'retry-after': '1' }));
    const begin = Date.now();
    expect(await repository.sizeOf(blob.digest)).toBe(blob.size);
    expect(Date.now() - begin).toBeGreaterThan(900);
    first(registry, 'HEAD', 1, status(429, { 'retry-after': '7200' }));
    await expect(repository.sizeOf(blob.digest)).rejects.toMatchObject({ reason: 'server-error', hint: expect.stringContaining('later') });
  });

  it('is asked no more than a few times', async () => {
    const { registry, blob, repository } = await bad();
    first(registry, 'HEAD', Infinity, status(502));
    await expect(repository.sizeOf(blob.digest)).rejects.toMatchObject({ reason: 'server-error' });
    expect(registry.requests).toHaveLength(1 + limits.waitsMs.length);
  });
});

describe('a registry that is not there', () => {
  it('is looked for twice', async () => {
    const { registry, blob, repository } = await bad();
    await registry.close();
    await expect(repository.sizeOf(blob.digest)).rejects.toMatchObject({ reason: 'unreachable', said: expect.stringContaining('REFUSED') });
    registry.close = async () => {};
  });

  it('or hangs is given up', async () => {
    const { registry, blob } = await bad();
    first(registry, 'HEAD', Infinity, () => {});
    await expect(opened(registry.host, { limits: hasty }).sizeOf(blob.digest)).rejects.toMatchObject({ reason: 'timeout' });
  });

  it('is not waited for any more once nobody wants it', async () => {
    const { registry, blob } = await bad();
    first(registry, 'HEAD', Infinity, () => {});
    const repository = opened(registry.host, { signal: AbortSignal.timeout(100) });
    await expect(repository.sizeOf(blob.digest)).rejects.toMatchObject({ reason: 'cancelled' });
    first(registry, 'HEAD', Infinity, status(503, { 'retry-after': '10' }));
    const other = opened(registry.host, { signal: AbortSignal.timeout(100) });
    await expect(other.sizeOf(blob.digest)).rejects.toMatchObject({ reason: 'cancelled' });
  });
});

describe('a pull that breaks off', () => {
  it('goes on where it was', async () => {
    const { registry, blob, file, back, has, repository } = await bad(4 * MiB);
    await has();
    const bytes = await readFile(file);
    let breakOff = (): void => {};
    first(registry, 'GET', 1, (response) => {
      breakOff = () => response.destroy();
      response.writeHead(200, { 'content-length': blob.size }).write(bytes.subarray(0, MiB));
    });
    let told = 0;
    const onBytes = (count: number): void => {
      told += count;
      if (told === MiB) breakOff();
    };
    await repository.pull(blob, back, { onBytes });
    expect((await readFile(back)).equals(bytes)).toBe(true);
    expect(told).toBe(blob.size);
    expect(registry.requests).toEqual([
      `GET /v2/team/images/blobs/${blob.digest}`,
      `GET /v2/team/images/blobs/${blob.digest} bytes=${MiB}-`,
    ]);
  });

  it('is done where it breaks off behind the last byte', async () => {
    const { registry, blob, file, back, repository } = await bad();
    const bytes = await readFile(file);
    let breakOff = (): void => {};
    first(registry, 'GET', Infinity, (response) => {
      breakOff = () => response.destroy();
      response.writeHead(200).write(bytes);
    });
    await repository.pull(blob, back, { onBytes: () => breakOff() });
    expect((await readFile(back)).equals(bytes)).toBe(true);
    expect(registry.requests).toHaveLength(1);
  });

  it('and falls silent too, by a registry that gives no ranges', async () => {
    const { registry, blob, file, back, has } = await bad(2 * MiB);
    await has();
    const bytes = await readFile(file);
    registry.mischief = (_, response) => {
      const answer = response.writeHead(200, { 'content-length': blob.size });
      if (registry.requests.length > 1) answer.end(bytes);
      else answer.write(bytes.subarray(0, MiB));
      return true;
    };
    let told = 0;
    await opened(registry.host, { limits: hasty }).pull(blob, back, { onBytes: (count) => (told += count) });
    expect((await readFile(back)).equals(bytes)).toBe(true);
    expect([told, registry.requests.length]).toEqual([blob.size, 2]);
  });

  it.each([
    ['other bytes', (bytes: Buffer) => Buffer.alloc(bytes.length), 'what came is'],
    ['too many', (bytes: Buffer) => Buffer.concat([bytes, bytes]), 'longer than'],
    ['too few', (bytes: Buffer) => bytes.subarray(1), 'ends after'],
  ])('is none where there are %s', async (_, change, words) => {
    const { registry, blob, file, back, repository } = await bad();
    registry.blobs.set(blob.digest, change(await readFile(file)));
    first(registry, `GET /v2/team/images/blobs/${blob.digest} bytes`, Infinity, status(416));
    const pulling = repository.pull(blob, back);
    await expect(pulling).rejects.toMatchObject({ reason: 'bad-digest', message: expect.stringMatching(`${words}|shorter than`) });
    expect(existsSync(back)).toBe(false);
  });
});

describe('a push that breaks off', () => {
  it('goes on by what the registry says it has', async () => {
    const { registry, blob, file, repository } = await bad(40 * MiB);
    first(registry, `PATCH /v2/team/images/blobs/uploads/1 ${16 * MiB}`, 1, (response) => response.destroy());
    let told = 0;
    await repository.push(blob, file, { onBytes: (count) => (told += count) });
    expect(registry.blobs.get(blob.digest)!.equals(await readFile(file))).toBe(true);
    expect(told).toBe(blob.size);
    expect(registry.requests.filter((request) => !request.startsWith('HEAD'))).toEqual([
      'POST /v2/team/images/blobs/uploads/',
      `PATCH /v2/team/images/blobs/uploads/1 0-${16 * MiB - 1}`,
      `PATCH /v2/team/images/blobs/uploads/1 ${16 * MiB}-${32 * MiB - 1}`,
      'GET /v2/team/images/blobs/uploads/1',
      `PATCH /v2/team/images/blobs/uploads/1 ${16 * MiB}-${32 * MiB - 1}`,
      `PATCH /v2/team/images/blobs/uploads/1 ${32 * MiB}-${40 * MiB - 1}`,
      'PUT /v2/team/images/blobs/uploads/1',
    ]);
  });

  it('begins anew where the registry has forgotten it, and is done where only the last answer was lost', async () => {
    const { registry, blob, file, repository } = await bad(20 * MiB);
    let lost = 0;
    registry.mischief = (request, response) => {
      if (registry.requests.at(-1) === `GET /v2/team/images/blobs/uploads/1`) return (response.writeHead(404).end(), true);
      if (request.method !== 'PUT' || lost > 1) return false;
      if (lost++ === 1) registry.blobs.set(blob.digest, Buffer.alloc(blob.size));
      response.destroy();
      return true;
    };
    await repository.push(blob, file);
    expect(registry.requests.filter((request) => /^(POST|PUT)/.test(request))).toEqual([
      'POST /v2/team/images/blobs/uploads/',
      'PUT /v2/team/images/blobs/uploads/1',
      'POST /v2/team/images/blobs/uploads/',
      'PUT /v2/team/images/blobs/uploads/2',
    ]);
  });

  it('goes at once to a registry that takes no chunks, which is learnt once', async () => {
    const { folder, registry, blob, file, repository } = await bad(20 * MiB);
    const other = await blobFile(folder, 'other', randomBytes(20 * MiB));
    first(registry, 'PATCH', Infinity, status(416));
    await repository.push(blob, file);
    await repository.push(other.blob, other.file);
    expect([...registry.blobs.keys()]).toEqual([blob.digest, other.blob.digest]);
    expect(registry.requests.filter((request) => request.startsWith('PATCH'))).toHaveLength(1);
  });

  it('gives a registry time over a blob that has gone in chunks', async () => {
    const { registry, blob, file } = await bad(20 * MiB);
    registry.mischief = async ({ method }) => method === 'PUT' && wait(2 * hasty.silenceMs, false);
    await opened(registry.host, { limits: hasty }).push(blob, file);
    expect(registry.requests.filter((request) => request.startsWith('PUT'))).toHaveLength(1);
  });

  it('sends chunks as large as the registry wants them', async () => {
    const { registry, blob, file, repository } = await bad(40 * MiB);
    registry.mischief = (request, response) => {
      if (request.method === 'POST') response.setHeader('oci-chunk-min-length', 32 * MiB);
      return false;
    };
    await repository.push(blob, file);
    expect(registry.requests.filter((request) => request.startsWith('PATCH'))).toHaveLength(2);
  });
});

describe('where a registry leads', () => {
  it('no credentials are shown', async () => {
    const { folder, registry, blob, file, back, has } = await bad();
    await has();
    const storage = await startFakeRegistry();
    onTestFinished(() => storage.close());
    storage.blobs.set(blob.digest, await readFile(file));
    const environment = await loggedIn(folder, registry.host, accountOf({ name: 'me', password: 'secret' }));
    registry.mischief = (request, response) => {
      if (request.headers.authorization === undefined) response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      else response.writeHead(307, { location: `http://${storage.host}/blobs/${blob.digest}` }).end();
      return true;
    };
    await opened(registry.host, { environment, limits }).pull(blob, back);
    expect(registry.requests.at(-1)).toContain('Basic');
    expect(storage.requests).toEqual([`GET /blobs/${blob.digest}`]);
  });

  it('is not followed in circles', async () => {
    const { registry, blob, back, repository } = await bad();
    registry.mischief = (request, response) => (response.writeHead(302, { location: request.url! }).end(), true);
    await expect(repository.pull(blob, back)).rejects.toMatchObject({ reason: 'server-error', message: expect.stringContaining('(302)') });
    expect(registry.requests).toHaveLength(6);
  });
});

it('tells of long waits', async () => {
  const { registry, blob } = await bad();
  first(registry, 'HEAD', 1, status(503, { 'retry-after': '2' }));
  const notes: string[] = [];
  await opened(registry.host, { progress: { ...silent, note: (text) => notes.push(text) } }).sizeOf(blob.digest);
  expect(notes).toEqual([expect.stringMatching(/failed \(503\); trying again in 2.0 s$/)]);
});
