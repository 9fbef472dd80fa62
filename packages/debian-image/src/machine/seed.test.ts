import { expect, it } from 'vitest';
import { iso9660 } from './iso9660.ts';
import { configDrive, noCloudSeed } from './seed.ts';

const seed = { instance: 'i-1', hostname: 'web', publicKeys: ['ssh-ed25519 AAAA me'] };
const userData = '#cloud-config\n{}\n';

it('is a seed for NoCloud', () => {
  const metadata = '{"instance-id":"i-1","local-hostname":"web","public-keys":["ssh-ed25519 AAAA me"]}\n';
  const files = (text: string) => [
    { path: 'meta-data', content: Buffer.from(metadata) },
    { path: 'user-data', content: Buffer.from(text) },
  ];
  expect(noCloudSeed({ ...seed, userData }).equals(iso9660('CIDATA', files(userData)))).toBe(true);
  // NoCloud is none without both files
  expect(noCloudSeed(seed).equals(iso9660('CIDATA', files('')))).toBe(true);
});

it('is a config drive', () => {
  const metadata = '{"uuid":"i-1","name":"web","hostname":"web","public_keys":{"key-0":"ssh-ed25519 AAAA me"}}\n';
  const files = [{ path: 'openstack/latest/meta_data.json', content: Buffer.from(metadata) }];
  expect(configDrive(seed).equals(iso9660('config-2', files))).toBe(true);
  const more = { path: 'openstack/latest/user_data', content: Buffer.from(userData) };
  expect(configDrive({ ...seed, userData }).equals(iso9660('config-2', [...files, more]))).toBe(true);
});
