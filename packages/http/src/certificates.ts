import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { Failure, type FailureDetails } from '@nx-debian-image/report';

/**
 * The certificates to trust where a file adds some: with a list of one's own, node forgets both its own and the files of these
 * variables. Undefined where no file is named, and node does all by itself. Failure `not-found` or `invalid` of a file.
 */
export function authorities(environment: NodeJS.ProcessEnv, ca: string | undefined, hint: string): string[] | undefined {
  if (!ca && !environment['SSL_CERT_FILE']) return undefined;
  const files = [ca, environment['SSL_CERT_FILE'], environment['NODE_EXTRA_CA_CERTS']];
  return [...rootCertificates, ...files.flatMap((file) => (file ? [certificatesIn(file, { hint })] : []))];
}

function certificatesIn(file: string, details: FailureDetails): string {
  const text = readPem(file, 'file of certificates', details);
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new Failure('invalid', `there are no certificates in ${file}`, details);
}

/** A file of certificates or keys, called so in the failure `not-found` where it cannot be read. */
export function readPem(file: string, called: string, details: FailureDetails): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure('not-found', `the ${called} cannot be read: ${file}`, { ...details, cause });
  }
}
