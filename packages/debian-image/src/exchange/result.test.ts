import { canonicalJson, digestOf, type Manifest } from '@nx-debian-image/artifact-store';
import { expect, it } from 'vitest';
import { newPrivateKey, publicLine } from './keys.ts';
import { artifactTag, parseResult, type Result, resultManifest, taskTag } from './result.ts';
import { requireSigned, signed } from './signature.ts';

const blob = (text: string) => ({ digest: digestOf(text), size: text.length });
const result: Result = {
  stage: 'install',
  task: '123',
  config: blob('config'),
  blobs: [
    { raw: blob('a layer'), packed: blob('less') },
    { raw: blob('random'), packed: blob('random') },
  ],
};
const bytesOf = (manifest: unknown): Buffer => Buffer.from(canonicalJson(manifest));
const parse = (manifest: unknown): Result => parseResult(bytesOf(manifest), 'here');

it('is read again as it was written', () => {
  const { manifest, ...parsed } = parseResult(bytesOf(resultManifest(result)), 'here');
  expect(parsed).toEqual(result);
  expect(manifest.layers.map(({ mediaType }) => mediaType)).toEqual(['application/zstd', 'application/octet-stream']);
  expect(parse(resultManifest({ ...result, task: undefined })).task).toBeUndefined();
});

it('has tags that a registry takes', () => {
  for (const tag of [taskTag('configure', '18446744073709551615'), artifactTag(digestOf('any'))]) expect(tag).toMatch(/^\w[\w.-]{0,127}$/);
});

it('is refused where it is something else', () => {
  const good = resultManifest(result);
  const layer = good.layers[0]!;
  const others: unknown[] = [
    'no JSON of ours',
    { ...good, artifactType: 'application/vnd.example' },
    { ...good, annotations: {} },
    { ...good, layers: [{ ...layer, annotations: {} }] },
    { ...good, layers: [{ ...layer, annotations: { ...layer.annotations, 'nx-debian-image.size': '-1' } }] },
    { ...good, layers: [{ ...layer, digest: 'sha256:../../../etc/passwd' }] },
  ];
  for (const other of others) expect(() => parse(other)).toThrow(/^this is not the result of a stage/);
});

it('is trusted only as it was signed, by a key that is trusted', () => {
  const [key, other] = [newPrivateKey(), newPrivateKey()];
  const trust = [publicLine(other), publicLine(key)];
  const manifest = JSON.parse(canonicalJson(signed(resultManifest(result), key))) as Manifest;
  requireSigned(manifest, trust, 'here');
  requireSigned(Object.fromEntries(Object.entries(manifest).toReversed()) as unknown as Manifest, trust, 'here');
  const changed: Manifest[] = [
    { ...manifest, config: { ...manifest.config, ...blob('another') } },
    { ...manifest, layers: [manifest.layers[0]!] },
    { ...manifest, annotations: { ...manifest.annotations, 'nx-debian-image.task': '124' } },
    { ...manifest, annotations: { ...manifest.annotations, 'nx-debian-image.stage': 'extract' } },
    { ...manifest, annotations: { ...manifest.annotations, 'nx-debian-image.key': publicLine(other) } },
    { ...manifest, annotations: { ...manifest.annotations, 'nx-debian-image.signature': 'AAAA' } },
    { ...manifest, mediaType: 'application/vnd.oci.image.manifest.v1+json', annotations: {} },
    resultManifest(result),
  ];
  for (const one of changed) expect(() => requireSigned(one, trust, 'here')).toThrow(/is not to be trusted/);
  expect(() => requireSigned(manifest, [publicLine(other)], 'here')).toThrow(/it is signed by "ed25519:/);
  expect(() => requireSigned(manifest, [], 'here')).toThrow(/is not to be trusted/);
});
