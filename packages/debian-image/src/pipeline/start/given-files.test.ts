import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readPublicKey, readUserData } from './given-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'given-'));
});
afterEach(() => rm(folder, { recursive: true }));

it.each(['#cloud-config\n{}\n', '#!/bin/sh\n', '## template: jinja\n#cloud-config\n', 'Content-Type: multipart/mixed; boundary="b"\n'])(
  'takes user data that begins as %j',
  async (text) => {
    await writeFile(join(folder, 'user-data.yaml'), text);
    expect(await readUserData(folder, 'user-data.yaml')).toBe(text);
  },
);

it('says what is wrong with user data', async () => {
  await expect(readUserData(folder, 'none.yaml')).rejects.toMatchObject({
    reason: 'not-found',
    message: `there is no file ${join(folder, 'none.yaml')}`,
    where: '--user-data',
  });
  await writeFile(join(folder, 'user-data.yaml'), 'packages: [nginx]\n');
  await expect(readUserData(folder, 'user-data.yaml')).rejects.toMatchObject({
    reason: 'invalid',
    hint: /Begin the file with #cloud-config/,
  });
});

it('takes a public key and no private one', async () => {
  await writeFile(join(folder, 'id.pub'), 'ssh-ed25519 AAAAC3Nz me@here\n');
  expect(await readPublicKey(folder, 'id.pub')).toBe('ssh-ed25519 AAAAC3Nz me@here');
  await writeFile(join(folder, 'id'), '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n');
  await expect(readPublicKey(folder, 'id')).rejects.toMatchObject({ reason: 'invalid', hint: /\.pub/ });
});
