import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOnce } from './daemon.ts';

export interface Certificates {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

const newKey = (key: string): string[] => ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];

/** An authority, and a certificate of it for 127.0.0.1 (as a server or a client), made with openssl in a folder. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const file = (name: string): string => join(folder, name);
  const made = { caFile: file('ca.pem'), certFile: file('server.pem'), keyFile: file('server.key') };
  if (existsSync(made.certFile)) return made;
  const openssl = (...args: string[]): Promise<void> => runOnce('openssl', args, folder, file('openssl.log'));
  await writeFile(file('names.cnf'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
  await openssl('req', '-x509', ...newKey(file('ca.key')), '-out', made.caFile, '-days', '30', '-subj', '/CN=test authority');
  await openssl('req', ...newKey(made.keyFile), '-out', file('server.csr'), '-subj', '/CN=127.0.0.1');
  const signing = ['-CA', made.caFile, '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '30', '-extfile', file('names.cnf')];
  await openssl('x509', '-req', '-in', file('server.csr'), ...signing, '-out', made.certFile);
  return made;
}
