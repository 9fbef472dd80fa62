import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:registry.example';
const days = ['-days', '30'];

async function openssl(...args: string[]): Promise<void> {
  await promisify(execFile)('openssl', args);
}

function request(key: string, name: string): string[] {
  return ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-subj', `/CN=${name}`];
}

/** A key of its own and a certificate of 127.0.0.1 and registry.example that vouches for itself, made with openssl. */
export async function makeCertificate(certificate: string, key: string): Promise<void> {
  await openssl(...request(key, '127.0.0.1'), '-x509', '-out', certificate, ...days, '-addext', names);
}

export interface Certificates {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** An authority, and a certificate of it for 127.0.0.1 (as a server or a client), made with openssl in a folder. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const file = (name: string): string => join(folder, name);
  const made = { caFile: file('ca.pem'), certFile: file('server.pem'), keyFile: file('server.key') };
  if (existsSync(made.certFile)) return made;
  const [caKey, asked, extensions] = [file('ca.key'), file('server.csr'), file('names.cnf')];
  await writeFile(extensions, `${names}\n`);
  await openssl(...request(caKey, 'test authority'), '-x509', '-out', made.caFile, ...days);
  await openssl(...request(made.keyFile, '127.0.0.1'), '-out', asked);
  const signing = ['-CA', made.caFile, '-CAkey', caKey, '-CAcreateserial', ...days, '-extfile', extensions];
  await openssl('x509', '-req', '-in', asked, ...signing, '-out', made.certFile);
  return made;
}
