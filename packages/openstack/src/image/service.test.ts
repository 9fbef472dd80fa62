import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { answer, answerHtml } from '../testing/fake-answers.ts';
import { type FakeCloud, startFakeCloud } from '../testing/fake-cloud.ts';
import { cloudOf, logInto } from '../testing/fake-login.ts';
import { connect } from './connect.ts';
import type { ImageDraft } from './draft.ts';

let fake: FakeCloud;
beforeEach(async () => {
  fake = await startFakeCloud();
});
afterEach(() => fake.close());

const draft = (name: string, hidden = false): ImageDraft => ({
  name,
  hidden,
  visibility: 'private',
  protected: false,
  diskFormat: 'raw',
  containerFormat: 'bare',
  minDisk: 0,
  minRam: 0,
  tags: [],
  properties: { color: name.length > 1 ? 'red' : 'blue' },
});

it('lists all pages, hidden ones too, newest first', async () => {
  const service = await logInto(fake);
  for (const [index, name] of ['aa', 'bb', 'cc', 'dd', 'e', 'ff'].entries()) await service.create(draft(name, index % 2 === 1));
  expect((await service.list({})).map(({ name }) => name)).toEqual(['ff', 'e', 'dd', 'cc', 'bb', 'aa']);
  expect((await service.list({ color: 'red' })).map(({ name }) => name)).toEqual(['ff', 'dd', 'cc', 'bb', 'aa']);
  expect(service.projectId).toBe('p1');
});

it('creates, changes, fills, reads and deletes', async () => {
  const service = await logInto(fake);
  const { id } = await service.create(draft('one'));
  await service.update(id, { name: 'two', properties: { color: null } });
  await service.update(id, {});
  const path = join(await mkdtemp(join(tmpdir(), 'image-')), 'file');
  await writeFile(path, 'bytes');
  await expect(service.upload(id, { path, size: 6 })).rejects.toMatchObject({ reason: 'bad-digest' });
  await service.upload(id, { path, size: 5 });
  await expect(service.upload(id, { path, size: 5 })).rejects.toMatchObject({
    reason: 'busy',
    said: expect.stringContaining('not allowed'),
  });
  expect(await service.get(id)).toMatchObject({ name: 'two', status: 'active', size: 5, properties: {}, hash: { algorithm: 'sha512' } });
  await service.delete(id);
  await service.delete(id);
  expect(await service.get(id)).toBeUndefined();
  expect(fake.requests.filter((line) => line.startsWith('PATCH'))).toHaveLength(1);
});

it('renews a token that expired, once', async () => {
  const service = await logInto(fake);
  fake.expireTokens();
  await service.create(draft('one'));
  expect(fake.logins).toHaveLength(2);
  fake.mischief = (request, response) => {
    if (!request.url!.startsWith('/image')) return false;
    answerHtml(response, 401, 'Go away');
    return true;
  };
  await expect(service.list({})).rejects.toMatchObject({ reason: 'refused', said: 'Go away' });
  expect(fake.logins).toHaveLength(3);
});

it.each([
  [401, 'refused', { error: { message: 'The request you have made requires authentication.' } }],
  [500, 'server-error', { error: { message: 'Oops' } }],
])('tells of a login that ends in %i', async (status, reason, body) => {
  fake.mischief = (_, response) => {
    answer(response, status, body);
    return true;
  };
  await expect(logInto(fake)).rejects.toMatchObject({
    reason,
    said: body.error.message,
    message: expect.stringContaining('logging in to cloud "fake"'),
  });
});

it('tells of an address that is no OpenStack', async () => {
  fake.mischief = (_, response) => {
    response.end('<html>Welcome to nginx</html>');
    return true;
  };
  await expect(logInto(fake)).rejects.toMatchObject({ reason: 'server-error', hint: expect.stringContaining('OpenStack') });
});

it('talks without a Keystone, and to the address that clouds.yaml names', async () => {
  fake.mischief = (request, response) => {
    expect(request.headers['x-auth-token']).toBeUndefined();
    answer(response, 200, { images: [] });
    return true;
  };
  const service = await connect(
    cloudOf('http://127.0.0.1:1', { auth: { type: 'none', endpoint: `${fake.url}/image/v2`, token: undefined } }),
  );
  expect(await service.list({})).toEqual([]);
  expect(fake.requests[0]).toMatch(/^GET \/image\/v2\/images\?/);
  expect(fake.logins).toEqual([]);
});
