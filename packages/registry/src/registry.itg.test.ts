import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { canonicalJson, digestOf } from '@nx-debian-image/artifact-store';
import { temporaryFolder } from '@nx-debian-image/http/in-tests';
import { expect, it, onTestFinished } from 'vitest';
import { identityToken, type StartOptions, startRegistry, startTokenServer, testUser } from './testing/index.ts';
import { accountOf, blobFile, loggedIn, opened } from './testing/opened.ts';

const run = promisify(execFile);
const manifestType = 'application/vnd.oci.image.manifest.v1+json';

async function started(folder: string, options: StartOptions = {}) {
  const registry = await startRegistry(join(folder, 'registry'), options);
  onTestFinished(() => registry.stop());
  return registry;
}

it('has what was pushed, in chunks and at once, and skopeo reads it', async () => {
  const folder = await temporaryFolder();
  const { host } = await started(folder);
  const repository = opened(host);
  const tar = randomBytes(40 * 1024 * 1024 + 1);
  const layer = await blobFile(folder, 'layer', gzipSync(tar, { level: 0 }));
  const diffs = { type: 'layers', diff_ids: [digestOf(tar)] };
  const config = await blobFile(folder, 'config', Buffer.from(canonicalJson({ architecture: 'amd64', os: 'linux', rootfs: diffs })));
  for (const { blob, file } of [layer, config]) {
    expect(await repository.sizeOf(blob.digest)).toBeUndefined();
    let told = 0;
    await repository.push(blob, file, { onBytes: (count) => (told += count) });
    expect([told, await repository.sizeOf(blob.digest)]).toEqual([blob.size, blob.size]);
    const back = join(folder, 'back', blob.digest);
    await mkdir(join(folder, 'back'), { recursive: true });
    await repository.pull(blob, back, { onBytes: (count) => (told -= count) });
    expect([told, (await readFile(back)).equals(await readFile(file))]).toEqual([0, true]);
  }
  expect(await repository.manifest('latest')).toBeUndefined();
  const bytes = Buffer.from(
    canonicalJson({
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config.blob },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...layer.blob }],
    }),
  );
  const digest = await repository.putManifest('latest', bytes, manifestType);
  expect(await repository.manifest(digest)).toEqual({ bytes, digest: digestOf(bytes), mediaType: manifestType });
  const inspected = await run('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${repository.name}:latest`]);
  expect(inspected.stdout).toBe(bytes.toString());
  const layout = join(folder, 'layout');
  await run('skopeo', ['copy', '--quiet', '--src-tls-verify=false', `docker://${repository.name}@${digest}`, `oci:${layout}:latest`], {
    env: { ...process.env, HOME: folder },
  });
  const copied = await readFile(join(layout, 'blobs/sha256', layer.blob.digest.slice('sha256:'.length)));
  expect(copied.equals(await readFile(layer.file))).toBe(true);
});

it('takes no manifest of blobs that it has not, and nothing at all where it is read-only', async () => {
  const folder = await temporaryFolder();
  const { host } = await started(folder);
  const { blob } = await blobFile(folder, 'blob', Buffer.from('never pushed'));
  const descriptor = { mediaType: 'application/octet-stream', ...blob };
  const manifest = Buffer.from(canonicalJson({ schemaVersion: 2, mediaType: manifestType, config: descriptor, layers: [] }));
  await expect(opened(host).putManifest('latest', manifest, manifestType)).rejects.toMatchObject({
    reason: 'not-found',
    said: expect.stringContaining('MANIFEST_BLOB_UNKNOWN'),
  });
  const other = await startRegistry(join(folder, 'other'), { readOnly: true });
  onTestFinished(() => other.stop());
  const pushing = opened(other.host).push(blob, join(folder, 'blob'));
  await expect(pushing).rejects.toMatchObject({ reason: 'refused', hint: expect.stringContaining('read-only') });
});

it('refuses bytes that are not those of their digest', async () => {
  const folder = await temporaryFolder();
  const { host } = await started(folder);
  const { blob, file } = await blobFile(folder, 'blob', randomBytes(1000));
  await writeFile(file, randomBytes(1000));
  await expect(opened(host).push(blob, file)).rejects.toMatchObject({ reason: 'bad-digest' });
  expect(await opened(host).sizeOf(blob.digest)).toBeUndefined();
});

it('takes the same blob from two at once', async () => {
  const folder = await temporaryFolder();
  const { host } = await started(folder);
  const { blob, file } = await blobFile(folder, 'blob', randomBytes(20 * 1024 * 1024));
  await Promise.all([opened(host).push(blob, file), opened(host).push(blob, file)]);
  expect(await opened(host).sizeOf(blob.digest)).toBe(blob.size);
});

it('is a registry with a certificate of its own and passwords', async () => {
  const folder = await temporaryFolder();
  const { host, ca } = await started(folder, { tls: true, auth: 'htpasswd' });
  const { blob, file } = await blobFile(folder, 'blob', randomBytes(20 * 1024 * 1024));
  const untrusted = opened(host, { plainHttp: false });
  await expect(untrusted.sizeOf(blob.digest)).rejects.toMatchObject({ reason: 'unreachable', hint: expect.stringContaining('_CA') });
  const environment = { DEBIAN_IMAGE_REGISTRY_CA: ca! };
  await expect(opened(host, { environment }).sizeOf(blob.digest)).rejects.toMatchObject({ reason: 'refused' });
  const wrong = await loggedIn(folder, host, accountOf({ ...testUser, password: 'something wrong' }));
  const refused: unknown = await opened(host, { environment: wrong, ca: ca! })
    .push(blob, file)
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({ reason: 'refused', where: expect.stringContaining('auth.json') });
  expect(JSON.stringify({ ...(refused as object) })).not.toContain('something wrong');
  const repository = opened(host, { environment: { ...environment, ...(await loggedIn(folder, host, accountOf(testUser))) } });
  await repository.push(blob, file);
  await repository.pull(blob, join(folder, 'back'));
  expect((await readFile(join(folder, 'back'))).equals(await readFile(file))).toBe(true);
});

it('is a registry whose token server lets everybody pull and some push', async () => {
  const folder = await temporaryFolder();
  const tokens = await startTokenServer(folder);
  onTestFinished(() => tokens.close());
  const { host } = await started(folder, { auth: tokens });
  const { blob, file } = await blobFile(folder, 'blob', randomBytes(20 * 1024 * 1024));
  await expect(opened(host).push(blob, file)).rejects.toMatchObject({ reason: 'refused' });
  const stranger = await loggedIn(folder, host, accountOf({ name: 'stranger', password: 'unknown' }));
  await expect(opened(host, { environment: stranger }).push(blob, file)).rejects.toMatchObject({
    reason: 'refused',
    message: expect.stringContaining('does not accept the credentials of'),
  });
  tokens.asked.length = 0;
  await opened(host, { environment: await loggedIn(folder, host, accountOf(testUser)) }).push(blob, file);
  expect(tokens.asked).toEqual(['tester repository:team/images:pull', 'tester repository:team/images:pull,push']);
  const identity = await loggedIn(folder, host, { identitytoken: identityToken });
  const other = await blobFile(folder, 'other', randomBytes(1000));
  await opened(host, { environment: identity }).push(other.blob, other.file);
  // anonymous, by a token that has to be renewed for each request
  tokens.lasts = 0.001;
  const anybody = opened(host);
  await anybody.pull(blob, join(folder, 'back'));
  await anybody.pull(other.blob, join(folder, 'other back'));
  expect(tokens.asked.slice(-2)).toEqual(['anybody repository:team/images:pull', 'anybody repository:team/images:pull']);
});

it('is reached through a proxy', async () => {
  const folder = await temporaryFolder();
  const { host, ca } = await started(folder, { tls: true });
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket: Socket) => {
    asked.push(request.url!);
    const onward = connect(Number(host.split(':')[1]), '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    socket.pipe(onward).pipe(socket);
    // either side may be gone first
    for (const side of [socket, onward]) side.on('error', () => {});
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  const { blob, file } = await blobFile(folder, 'blob', randomBytes(20 * 1024 * 1024));
  const environment = { https_proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  await opened('registry.example', { environment, ca: ca! }).push(blob, file);
  expect(new Set(asked)).toEqual(new Set(['registry.example:443']));
  asked.length = 0;
  expect(await opened(host, { environment, ca: ca! }).sizeOf(blob.digest)).toBe(blob.size);
  expect(asked).toEqual([]);
});

it('goes on where it was when it comes back', async () => {
  const folder = await temporaryFolder();
  const { blob, file } = await blobFile(folder, 'blob', randomBytes(64 * 1024 * 1024));
  const first = await startRegistry(join(folder, 'registry'));
  const port = Number(first.host.split(':')[1]);
  let restarted: Promise<void> | undefined;
  const restart = async (): Promise<void> => {
    await first.stop('SIGKILL');
    await started(folder, { port });
  };
  let told = 0;
  await opened(first.host).push(blob, file, {
    onBytes: (count) => {
      told += count;
      restarted ??= restart();
    },
  });
  await restarted;
  expect(restarted).toBeDefined();
  expect(told).toBe(blob.size);
  expect(await opened(first.host).sizeOf(blob.digest)).toBe(blob.size);
});
