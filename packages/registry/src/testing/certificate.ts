import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A key of its own and a certificate of 127.0.0.1 and registry.example that vouches for itself, made with openssl. */
export async function makeCertificate(certificate: string, key: string): Promise<void> {
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];
  const named = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:registry.example'];
  await promisify(execFile)('openssl', ['req', '-x509', ...newKey, '-out', certificate, '-days', '30', ...named]);
}
