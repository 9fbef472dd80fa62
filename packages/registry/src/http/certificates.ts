import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { Failure } from '@nx-debian-image/report';

/**
 * The certificates to trust where a file adds some: with a list of one's own, node forgets both its own and the files of these
 * variables. Undefined where no file is named, and node does all by itself. Failure `not-found` or `invalid` of a file.
 */
export function authorities(environment: NodeJS.ProcessEnv, ca: string | undefined): string[] | undefined {
  if (!ca && !environment['SSL_CERT_FILE']) return undefined;
  const files = [ca, environment['SSL_CERT_FILE'], environment['NODE_EXTRA_CA_CERTS']];
  return [...rootCertificates, ...files.flatMap((file) => (file ? [read(file)] : []))];
}

function read(file: string): string {
  const hint = 'DEBIAN_IMAGE_REGISTRY_CA, SSL_CERT_FILE and NODE_EXTRA_CA_CERTS each name a file of certificates (PEM).';
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure('not-found', `the certificates for a registry cannot be read: ${file}`, { hint, cause });
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new Failure('invalid', `there are no certificates for a registry in ${file}`, { hint });
}
