import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { expect, it } from 'vitest';
import { authorities } from './certificates.ts';
import { temporaryFolder } from './testing/in-tests.ts';

const hint = 'Name another file.';
const pem = (text: string): string => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;

it('adds files to what is trusted, and leaves all to node where none is named', async () => {
  const folder = await temporaryFolder();
  const file = async (name: string): Promise<string> => {
    await writeFile(join(folder, name), pem(name));
    return join(folder, name);
  };
  const [own, system, extra] = [await file('own'), await file('system'), await file('extra')];
  const more = (environment: NodeJS.ProcessEnv, ca?: string) => authorities(environment, ca, hint)?.slice(rootCertificates.length);
  expect(more({ NODE_EXTRA_CA_CERTS: extra, SSL_CERT_FILE: '' })).toBeUndefined();
  expect(more({}, own)).toEqual([pem('own')]);
  expect(more({ SSL_CERT_FILE: system, NODE_EXTRA_CA_CERTS: extra }, own)).toEqual([pem('own'), pem('system'), pem('extra')]);
});

it('says which file is none', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'empty.pem');
  expect(() => authorities({}, file, hint)).toThrow(
    expect.objectContaining({ reason: 'not-found', hint, message: expect.stringContaining(file) }),
  );
  await writeFile(file, 'no certificate');
  expect(() => authorities({}, file, hint)).toThrow(
    expect.objectContaining({ reason: 'invalid', hint, message: expect.stringContaining(file) }),
  );
});
