import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newPrivateKey, privateText, publicLine } from './keys.ts';
import { exchangeSettings } from './settings.ts';

const repository = 'registry.example/team/images';

it('exchanges nothing where nobody says where', async () => {
  expect(await exchangeSettings(undefined, {})).toBeUndefined();
  expect(await exchangeSettings({ write: true }, { DEBIAN_IMAGE_REGISTRY: '' })).toBeUndefined();
  expect(await exchangeSettings(repository, { DEBIAN_IMAGE_REGISTRY: 'none' })).toBeUndefined();
});

it('only reads, takes everything and fails nothing where no more is said', async () => {
  const expected = { repository, plainHttp: undefined, write: false, strict: false, trust: undefined, key: undefined };
  expect(await exchangeSettings(repository, {})).toEqual(expected);
  expect(await exchangeSettings({ repository }, {})).toEqual(expected);
  for (const scheme of ['http', 'https']) {
    const settings = await exchangeSettings(undefined, { DEBIAN_IMAGE_REGISTRY: `${scheme}://${repository}` });
    expect(settings).toEqual({ ...expected, plainHttp: scheme === 'http' });
  }
});

it('has the environment go before nx.json, which alone says whom to trust', async () => {
  const trust = [publicLine(newPrivateKey())];
  const environment = { DEBIAN_IMAGE_REGISTRY: 'localhost:5000/mine', DEBIAN_IMAGE_REGISTRY_WRITE: 'no' };
  expect(await exchangeSettings({ repository, write: true, trust, strict: true }, environment)).toMatchObject({
    repository: 'localhost:5000/mine',
    write: false,
    strict: true,
    trust,
  });
});

it('has a key from the environment or a file, and only to write', async () => {
  const key = newPrivateKey();
  const folder = await mkdtemp(join(tmpdir(), 'settings-'));
  try {
    await writeFile(join(folder, 'key.pem'), privateText(key));
    for (const said of [privateText(key), join(folder, 'key.pem')]) {
      const environment = { DEBIAN_IMAGE_REGISTRY_KEY: said, DEBIAN_IMAGE_REGISTRY_WRITE: 'yes' };
      expect(publicLine((await exchangeSettings(repository, environment))!.key!)).toBe(publicLine(key));
      expect((await exchangeSettings(repository, { DEBIAN_IMAGE_REGISTRY_KEY: said }))!.key).toBeUndefined();
    }
    const missing = exchangeSettings({ repository, write: true }, { DEBIAN_IMAGE_REGISTRY_KEY: 'secret words' });
    await expect(missing).rejects.toMatchObject({ reason: 'not-found', message: expect.not.stringContaining('secret') });
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('says what nx.json has wrong', async () => {
  for (const option of [{ repository, writes: true }, { repository, trust: ['ssh-ed25519 AAAA'] }, 7]) {
    await expect(exchangeSettings(option, {})).rejects.toMatchObject({
      reason: 'invalid',
      where: expect.stringMatching(/^nx.json: registry/),
    });
  }
  await expect(exchangeSettings(repository, { DEBIAN_IMAGE_REGISTRY_WRITE: 'true' })).rejects.toMatchObject({ reason: 'invalid' });
});
