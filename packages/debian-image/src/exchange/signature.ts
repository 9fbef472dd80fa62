import type { KeyObject } from 'node:crypto';
import { canonicalJson, type Manifest } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import { isSignature, publicLine, signatureOf } from './keys.ts';

const keyAnnotation = 'nx-debian-image.key';
const signatureAnnotation = 'nx-debian-image.signature';

/** A manifest with the signature of all that it says: stage, task, and by their digests every byte that it stands for. */
export function signed(manifest: Manifest, key: KeyObject): Manifest {
  const named = annotate(manifest, { [keyAnnotation]: publicLine(key) });
  return annotate(named, { [signatureAnnotation]: signatureOf(signedText(named), key) });
}

/** Fails as `bad-signature` where none of the keys has signed a manifest as it is. */
export function requireSigned(manifest: Manifest, trust: readonly string[], where: string): void {
  const { [keyAnnotation]: key, [signatureAnnotation]: signature } = manifest.annotations ?? {};
  if (typeof key !== 'string' || typeof signature !== 'string') throw untrusted('it is not signed', where);
  if (!trust.includes(key)) throw untrusted(`it is signed by ${JSON.stringify(key)}`, where);
  if (!isSignature(signature, signedText(manifest), key)) throw untrusted('its signature is wrong', where);
}

/** All but the signature, whatever the order of its keys. The first line keeps what is signed here from being anything else. */
function signedText({ annotations = {}, ...manifest }: Manifest): string {
  const { [signatureAnnotation]: _signature, ...rest } = annotations;
  return `nx-debian-image result\n${canonicalJson({ ...manifest, annotations: rest })}`;
}

function annotate(manifest: Manifest, more: Readonly<Record<string, string>>): Manifest {
  return { ...manifest, annotations: { ...manifest.annotations, ...more } };
}

function untrusted(why: string, where: string): Failure {
  return new Failure('bad-signature', `a result in the registry is not to be trusted: ${why}`, {
    where,
    hint: 'Find out who wrote it. Who may sign stands in nx.json: registry.trust of the plugin.',
  });
}
