import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@nx-debian-image/http/in-tests';
import { expect, it, onTestFinished } from 'vitest';
import { usualLimits } from '../http/index.ts';
import { type FakeRegistry, startFakeRegistry } from '../testing/fake-registry.ts';
import { accountOf, blobFile, loggedIn, opened } from '../testing/opened.ts';

const limits = { ...usualLimits, waitsMs: [1, 2, 3] };

/** A registry that takes only the token that it has given last, and knows whether that is still good. */
async function withTokens(good: (registry: FakeRegistry) => boolean, answer?: { status: number; body: string }) {
  const folder = await temporaryFolder();
  const registry = await startFakeRegistry();
  onTestFinished(() => registry.close());
  let given = 0;
  registry.mischief = (request, response) => {
    if (request.url!.startsWith('/token')) {
      given += 1;
      response.writeHead(answer?.status ?? 200).end(answer?.body ?? JSON.stringify({ access_token: `t${given}`, expires_in: 300 }));
      return true;
    }
    if (request.headers.authorization === `Bearer t${given}` && good(registry)) return false;
    request.resume();
    response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${registry.host}/token",service="tests"` }).end();
    return true;
  };
  const tokens = (): string[] => registry.requests.filter((request) => request.includes('/token'));
  return { folder, registry, tokens, repository: opened(registry.host, { limits }) };
}

it('gets a new token in the middle, once', async () => {
  let isRevoked = false;
  const { folder, registry, tokens, repository } = await withTokens(({ requests }) => {
    if (isRevoked || requests.filter((request) => request.startsWith('PATCH')).length < 2) return true;
    return !(isRevoked = true);
  });
  const { blob, file } = await blobFile(folder, 'blob', randomBytes(40 << 20));
  await repository.push(blob, file);
  expect(registry.blobs.get(blob.digest)!.equals(await readFile(file))).toBe(true);
  // one to pull, one to push, and another one to push
  expect(tokens()).toHaveLength(3);
});

it('asks once for all that go at the same time', async () => {
  const { folder, registry, tokens, repository } = await withTokens(() => true);
  const { blob, file } = await blobFile(folder, 'blob', randomBytes(1000));
  registry.blobs.set(blob.digest, await readFile(file));
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => repository.pull(blob, join(folder, name))));
  expect(tokens()).toHaveLength(1);
});

it('is refused by a registry that takes none', async () => {
  const { folder, tokens, repository } = await withTokens(() => false);
  const { blob } = await blobFile(folder, 'blob', randomBytes(10));
  await expect(repository.sizeOf(blob.digest)).rejects.toMatchObject({ reason: 'refused', message: expect.stringContaining('(401)') });
  expect(tokens()).toHaveLength(1);
});

it.each([
  [401, 'no {secret}', 'refused'],
  [200, 'no {secret}', 'server-error'],
  [200, '{"token": "two\\nlines of secret"}', 'server-error'],
  [503, 'no {secret}', 'server-error'],
])('tells nothing of what a token server says: %i %s', async (status, body, reason) => {
  const { folder, registry } = await withTokens(() => true, { status, body });
  const environment = await loggedIn(folder, registry.host, accountOf({ name: 'me', password: 'secret' }));
  const { blob } = await blobFile(folder, 'blob', randomBytes(10));
  const failure: unknown = await opened(registry.host, { limits, environment })
    .sizeOf(blob.digest)
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ reason });
  expect(`${String(failure)}${JSON.stringify(failure)}`).not.toContain('secret');
});

it('shows no password to a token server without https', async () => {
  const { folder, registry } = await withTokens(() => true);
  const { blob } = await blobFile(folder, 'blob', randomBytes(10));
  registry.mischief = (_, response) => {
    response.writeHead(401, { 'www-authenticate': 'Bearer realm="ftp://tokens.example/",service="tests"' }).end();
    return true;
  };
  await expect(opened(registry.host, { limits }).sizeOf(blob.digest)).rejects.toMatchObject({
    reason: 'refused',
    where: '"ftp://tokens.example/"',
  });
});
